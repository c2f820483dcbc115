import { own } from '#components/browser-state/own-storage.ts'

/*
 * Which AI configuration is asked when nobody chooses one: the same rule wherever a prompt is run. Plain
 * functions, so that a server may ask them, too.
 */

const KEY = 'incipit-last-configuration'

interface Known {
  name: string
  provider: string
}

export interface Preference {
  /** Asked last in this browser. */
  lastUsed: string | undefined
  /** `ai.default_configuration` of the server. */
  usual: string | undefined
  /** The one whose answer was the last that came out well. */
  succeeded: string | undefined
}

/**
 * The configuration that was used last, else the server's usual one, else the one that last succeeded, else
 * any, a model before the echo of the house. Unknown and inactive ones are passed over.
 */
export function preferredConfiguration(
  known: readonly Known[],
  { lastUsed, usual, succeeded }: Preference,
): string | undefined {
  const names = new Set(known.map(({ name }) => name))
  const wanted = [lastUsed, usual, succeeded].find((name) => name !== undefined && names.has(name))
  return wanted ?? (known.find(({ provider }) => provider !== 'echo') ?? known[0])?.name
}

/** Undefined on the server, and where the browser keeps nothing. */
export function readLastUsed(): string | undefined {
  try {
    return own.read(KEY) ?? undefined
  } catch {
    return undefined
  }
}

export function rememberLastUsed(name: string): void {
  try {
    own.write(KEY, name)
  } catch {
    // Then the next page begins with the usual one.
  }
}

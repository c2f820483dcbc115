import { createLoader, createSerializer, type inferParserType, parseAsArrayOf } from 'nuqs/server'
import { parseAsId, parseAsSlug, parseAsVersion } from '#components/shell/address-parsers.ts'

/** The state of the playground in the URL: prompt, version, configurations. */

/** Answers side by side. */
export const MOST_COLUMNS = 6

export const playgroundParsers = {
  prompt: parseAsSlug,
  version: parseAsVersion,
  label: parseAsSlug,
  configurations: parseAsArrayOf(parseAsSlug),
  /** A generation whose text and values are to be taken over, once. */
  from: parseAsId,
}
export type PlaygroundState = inferParserType<typeof playgroundParsers>

export const readPlaygroundState = createLoader(playgroundParsers)
const serialize = createSerializer(playgroundParsers)

export function playgroundHref(state: Partial<PlaygroundState>): string {
  return serialize('/playground', state)
}

/** Which version the address asks for; nothing: the newest. */
export function selectorOf({ version, label }: Pick<PlaygroundState, 'version' | 'label'>): {
  version?: number
  label?: string
} {
  if (version !== null) return { version }
  return label === null || /^\d+$/.test(label) ? {} : { label }
}

interface Known {
  name: string
  isPreferred: boolean
}

/**
 * The configurations to ask, each once: those of the address, else the columns of the last time, else the one
 * that was used last, else the preferred one. Unknown ones are left out.
 */
export function columnsOf(
  known: readonly Known[],
  asked: readonly string[] | null,
  remembered: readonly string[] | null,
  lastUsed: string | undefined,
): string[] {
  const names = new Set(known.map(({ name }) => name))
  const kept = (list: readonly string[] | null) =>
    [...new Set(list ?? [])].filter((name) => names.has(name)).slice(0, MOST_COLUMNS)
  if (asked !== null) return kept(asked)
  const last = kept(remembered)
  if (last.length > 0) return last
  const first = known.find(({ name }) => name === lastUsed) ?? known.find(({ isPreferred }) => isPreferred)
  return first === undefined ? [] : [first.name]
}

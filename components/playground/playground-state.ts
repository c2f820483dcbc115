import {
  createLoader,
  createParser,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsInteger,
} from 'nuqs/server'

/** What of the playground stands in the URL: which prompt, which version of it, which configurations. */

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Answers side by side. */
export const MOST_COLUMNS = 6

export const playgroundParsers = {
  prompt: textLike(NAME),
  version: parseAsInteger,
  label: textLike(NAME),
  configurations: parseAsArrayOf(textLike(NAME)),
  /** A generation whose text and values are to be taken over, once. */
  from: textLike(ID),
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
  if (version !== null && version > 0) return { version }
  return label === null || /^\d+$/.test(label) ? {} : { label }
}

interface Known {
  name: string
  isPreferred: boolean
}

/**
 * The configurations to ask, each once: those of the address, else the columns of the last time, else the one
 * that was used last, else the preferred one. What is not known is left out.
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

function textLike(pattern: RegExp) {
  return createParser({
    parse: (text: string) => (pattern.test(text) ? text : null),
    serialize: (text: string) => text,
  })
}

/*
 * What a provider reports is JSON of any shape, whatever its API promises: servers that speak another's API
 * leave members out, send null, texts for numbers, or lists for texts. Nothing here throws.
 */

/** The largest count that the database takes for one attempt. */
const MOST_TOKENS = 2_147_483_647
/** Longest id of a request that is kept. */
const ID_LENGTH = 200

/** A member of an object; undefined where there is none. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

/** The items of a list; none for anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A piece of text: a string, or the texts of parts; empty for anything else. */
export function textIn(value: unknown): string {
  if (typeof value === 'string') return value
  return itemsOf(value)
    .map((part) => (typeof part === 'string' ? part : member(part, 'text')))
    .filter((text) => typeof text === 'string')
    .join('')
}

/** A count of tokens; undefined for what can be none. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MOST_TOKENS
    ? Math.abs(value)
    : undefined
}

/** A provider's id of a request or a model, fit to be kept. */
export function requestIdIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.slice(0, ID_LENGTH).replaceAll('\0', '').toWellFormed()
}

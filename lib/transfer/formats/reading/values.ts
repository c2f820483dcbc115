import type { Json } from '../../../liquid/json.ts'

/** An object as it comes out of JSON or YAML. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, or one without fields. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text, or a number or boolean as a text; undefined: there is none. */
export function wordOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** Words of a list, or of one text with commas between them. */
export function wordsOf(value: unknown): string[] {
  const words = typeof value === 'string' ? value.split(',') : listOf(value).map(wordOf)
  return words.flatMap((word) => (word === undefined || word.trim() === '' ? [] : [word.trim()]))
}

/** The value as JSON can hold it; what it cannot hold becomes null. */
export function asJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.map(asJson)
  if (!isFields(value)) return null
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asJson(inner)]))
}

/** The fields of an object but for some, and for those without a value. */
export function without(fields: Fields, ...names: readonly string[]): Record<string, Json> {
  const kept = Object.entries(fields).filter(
    ([key, value]) => !names.includes(key) && value !== undefined && value !== null,
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, asJson(value)]))
}

export function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0
}

import fc from 'fast-check'
import { anyText, EDGE_TEXTS } from './texts.ts'

/** What is used of a JSON schema. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  format?: string
}

/** Finds what a `$ref` names. */
export type Resolve = (schema: Schema) => Schema

/** Stands for something that exists in the app: the value is put in when the request is sent. */
export class Known {
  readonly pool: string
  readonly pick: number
  constructor(pool: string, pick: number) {
    this.pool = pool
    this.pick = pick
  }
}

/** @param pools names of what exists, by the name of the member or parameter that names it */
export interface Making {
  resolve: Resolve
  pools: Readonly<Record<string, string>>
}

const DEPTH_MAX = 6
const ITEMS_MAX = 4

/** Values that a schema takes, as far as a schema says it. */
export function validValue(making: Making, schema: Schema, name = '', depth = 0): fc.Arbitrary<unknown> {
  const made = plainValue(making, making.resolve(schema), name, depth)
  const pool = making.pools[name]
  if (pool === undefined) return made
  const known = fc.nat(1000).map((pick) => new Known(pool, pick))
  const isList = making.resolve(schema).type === 'array'
  return fc.oneof(
    { weight: 4, arbitrary: isList ? fc.array(known, { minLength: 1, maxLength: 3 }) : known },
    { weight: 1, arbitrary: made },
  )
}

function plainValue(making: Making, schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
  const branches = schema.anyOf ?? schema.oneOf
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (branches !== undefined)
    return fc.oneof(...branches.map((each) => validValue(making, each, name, depth)))
  if (schema.allOf?.[0] !== undefined) return validValue(making, schema.allOf[0], name, depth)
  const types = [schema.type ?? 'any'].flat()
  return fc.oneof(...types.map((type) => ofType(type, making, schema, name, depth)))
}

function ofType(
  type: string,
  making: Making,
  schema: Schema,
  name: string,
  depth: number,
): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null)
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer' || type === 'number') return numberOf(schema, type === 'integer')
  if (type === 'string') return stringOf(schema)
  if (depth >= DEPTH_MAX) return fc.constant(type === 'array' ? [] : {})
  if (type === 'array')
    return fc.array(validValue(making, schema.items ?? {}, name, depth + 1), {
      minLength: Math.min(schema.minItems ?? 0, ITEMS_MAX),
      maxLength: Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX),
    })
  if (type === 'object') return objectOf(making, schema, depth)
  return wildValue
}

function numberOf({ minimum = 0, maximum = 2 ** 31 - 1 }: Schema, isWhole: boolean): fc.Arbitrary<number> {
  const edges = fc.constantFrom(minimum, maximum, minimum + 1)
  const small = { min: minimum, max: Math.min(maximum, minimum + 20) }
  return fc.oneof(isWhole ? fc.integer(small) : fc.double({ ...small, noNaN: true }), edges)
}

function stringOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time')
    return fc
      .date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString())
  if (pattern !== undefined) return matching(pattern)
  return fc.oneof(
    fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) }),
    fc.constantFrom('Hello', 'Hello {{ name }}', '{% if a %}{{ a }}{% endif %}', '{{ a | upcase }}'),
  )
}

/** A text of a pattern, or any where the pattern is beyond the maker of texts. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern))
  } catch {
    return fc.string()
  }
}

function objectOf(making: Making, schema: Schema, depth: number): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties } = schema
  const members = Object.entries(properties).map(
    ([name, each]) => [name, validValue(making, each, name, depth + 1)] as const,
  )
  const known = fc.record(Object.fromEntries(members), {
    requiredKeys: required.filter((name) => name in properties),
  })
  if (typeof additionalProperties !== 'object') return known
  const key = schema.propertyNames ? validValue(making, schema.propertyNames) : fc.constantFrom('name', 'a')
  const entry = fc.tuple(key.map(String), validValue(making, additionalProperties, '', depth + 1))
  return fc
    .tuple(known, fc.array(entry, { maxLength: 3 }))
    .map(([own, more]) => ({ ...own, ...Object.fromEntries(more) }))
}

/** Any JSON, with what is at the edges of it. */
export const wildValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...EDGE_TEXTS) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      2 ** 31,
      2 ** 53,
      -(2 ** 63),
      1e308,
      5e-324,
      [],
      {},
      [[]],
      [null],
      { a: null },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 80 }).map(nested) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 300 }).map((count) => Array(count).fill('a')) },
)

function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) }
}

/** A valid value in which one place is changed: another value, a member too many, a member too few. */
export function nearlyValid(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.nat(10_000), wildValue, fc.constantFrom('replace', 'remove', 'add', 'repeat'))
    .map(([value, at, wild, how]) => changedAt(value, { left: at % placesIn(value) }, wild, how))
}

function placesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Known) return 1
  return Object.values(value).reduce((sum: number, each) => sum + placesIn(each), 1)
}

function changedAt(value: unknown, at: { left: number }, wild: unknown, how: string): unknown {
  if (at.left-- === 0) return changed(value, wild, how)
  if (typeof value !== 'object' || value === null || value instanceof Known) return value
  if (Array.isArray(value)) return value.map((each) => changedAt(each, at, wild, how))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changedAt(each, at, wild, how)]))
}

function changed(value: unknown, wild: unknown, how: string): unknown {
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Known)
  if (how === 'replace' || !isObject) return wild
  if (Array.isArray(value)) return how === 'remove' ? value.slice(1) : [...value, ...value, wild]
  const entries = Object.entries(value)
  if (how === 'remove') return Object.fromEntries(entries.slice(1))
  const name = typeof wild === 'string' ? wild : 'extra'
  return Object.fromEntries([...entries, [name, how === 'add' ? wild : value]])
}

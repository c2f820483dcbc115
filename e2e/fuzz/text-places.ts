import type { Resolve, Schema } from './schema-values.ts'

/** A place for a text in a value: its path, and the smallest value that has a given text there. */
export interface TextPlace {
  where: string
  build: (text: string) => unknown
}

const DEPTH_MAX = 7

/**
 * Every place of a schema where a text can stand: members, items, values and keys, in each alternative. A
 * schema that takes anything has a text of its own and one deeper in it.
 * @param name of the member that the schema describes
 */
export function textPlaces(resolve: Resolve, schema: Schema, name = '', depth = 0): TextPlace[] {
  const found = resolve(schema)
  const branches = found.anyOf ?? found.oneOf ?? found.allOf
  if (depth > DEPTH_MAX) return []
  if (branches !== undefined) return branches.flatMap((each) => textPlaces(resolve, each, name, depth + 1))
  if (found.const !== undefined) return []
  const types = [found.type ?? 'any'].flat()
  return types.flatMap((type) => {
    if (type === 'string') return [{ where: '', build: (text: string) => text }]
    if (type === 'array') return inArray(resolve, found, name, depth)
    if (type === 'object') return inObject(resolve, found, depth)
    if (type !== 'any') return []
    return [
      { where: '', build: (text: string) => text },
      { where: '.deep[]', build: (text: string) => ({ deep: [text] }) },
    ]
  })
}

function inArray(resolve: Resolve, { items = {} }: Schema, name: string, depth: number): TextPlace[] {
  return textPlaces(resolve, items, name, depth + 1).map(({ where, build }) => ({
    where: `[]${where}`,
    build: (text) => [build(text)],
  }))
}

function inObject(resolve: Resolve, schema: Schema, depth: number): TextPlace[] {
  const least = smallest(resolve, schema)
  const base = typeof least === 'object' ? least : {}
  const members = Object.entries(schema.properties ?? {}).flatMap(([member, each]) =>
    textPlaces(resolve, each, member, depth + 1).map(({ where, build }) => ({
      where: `.${member}${where}`,
      build: (text: string): unknown => ({ ...base, [member]: build(text) }),
    })),
  )
  const { additionalProperties: more } = schema
  if (typeof more !== 'object')
    return [...members, { where: '{key}', build: (text) => ({ ...base, [text]: 1 }) }]
  return [
    ...members,
    { where: '{key}', build: (text) => ({ ...base, [text]: smallest(resolve, more) }) },
    ...textPlaces(resolve, more, '', depth + 1).map(({ where, build }) => ({
      where: `{value}${where}`,
      build: (text: string): unknown => ({ ...base, name: build(text) }),
    })),
  ]
}

/** The smallest value that a schema takes, about. */
function smallest(resolve: Resolve, schema: Schema): unknown {
  const found = resolve(schema)
  const branch = (found.anyOf ?? found.oneOf ?? found.allOf)?.[0]
  if (branch !== undefined) return smallest(resolve, branch)
  if (found.const !== undefined) return found.const
  if (found.enum !== undefined) return found.enum[0]
  switch ([found.type ?? 'string'].flat()[0]) {
    case 'string':
      return found.format === 'uuid' ? '018f0000-0000-7000-8000-000000000000' : 'a1'
    case 'integer':
    case 'number':
      return found.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return found.minItems === undefined || found.items === undefined ? [] : [smallest(resolve, found.items)]
    case 'object':
      return Object.fromEntries(
        (found.required ?? []).map((name) => [name, smallest(resolve, found.properties?.[name] ?? {})]),
      )
    default:
      return null
  }
}

import type { DeclaredVariable } from './declared-variables.ts'
import { asJson, fieldsOf, isFields, listOf, wordOf } from './values.ts'

const TYPES: ReadonlyMap<string, NonNullable<DeclaredVariable['type']>> = new Map(
  Object.entries<NonNullable<DeclaredVariable['type']>>({
    string: 'string',
    number: 'number',
    float: 'number',
    double: 'number',
    integer: 'integer',
    int: 'integer',
    boolean: 'boolean',
    bool: 'boolean',
    array: 'array',
    list: 'array',
    object: 'object',
    dictionary: 'object',
  }),
)

/** Variables of a JSON schema of an object. */
export function variablesOfSchema(schema: unknown, defaults: unknown = {}): DeclaredVariable[] {
  const { properties, required } = fieldsOf(schema)
  const needed = new Set(listOf(required).map(wordOf))
  const given = fieldsOf(defaults)
  return Object.entries(fieldsOf(properties)).map(([name, property]) => ({
    ...variableOf(name, property),
    ...(given[name] === undefined || given[name] === null
      ? fieldsOf(property).default === undefined
        ? { required: needed.has(name) }
        : {}
      : { default: asJson(given[name]), required: false }),
  }))
}

/** One variable of a property: a JSON schema, or what tools write in its place. */
export function variableOf(name: string, property: unknown): DeclaredVariable {
  if (!isFields(property)) {
    const type = typeof property === 'string' ? TYPES.get(property.toLowerCase()) : undefined
    return { name, ...(type === undefined ? {} : { type }) }
  }
  const choices = listOf(property.enum)
    .filter((choice) => choice !== null)
    .map(wordOf)
  const isEnum = choices.length > 0 && choices.every((choice) => choice !== undefined)
  const type = isEnum ? undefined : typeOf(property)
  const description = wordOf(property.description)
  return {
    name,
    ...(type === undefined ? {} : { type }),
    ...(isEnum ? { enum: [...new Set(choices.map(String))], type: 'enum' as const } : {}),
    ...(description === undefined ? {} : { description }),
    ...(property.default === undefined || property.default === null
      ? {}
      : { default: asJson(property.default) }),
  }
}

function typeOf({ type, kind }: { [key: string]: unknown }): DeclaredVariable['type'] {
  const word =
    listOf(type)
      .map(wordOf)
      .find((each) => each !== 'null') ??
    wordOf(type) ??
    wordOf(kind)
  return word === undefined ? undefined : TYPES.get(word.toLowerCase())
}

/** The type that a value has. */
export function typeOfValue(value: unknown): DeclaredVariable['type'] {
  if (Array.isArray(value)) return 'array'
  if (isFields(value)) return 'object'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' ? 'number' : undefined
}

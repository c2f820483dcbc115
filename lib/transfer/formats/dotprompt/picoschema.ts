import type { Json } from '../../../liquid/json.ts'
import { asJson, fieldsOf, isFields, listOf, wordOf } from '../reading/values.ts'

const SCALARS: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'null', 'any'])
const KEY = /^([^(?]{1,200})(\?)?(?:\((\w{1,50})(?:\s{0,20},([^]{0,5000}))?\))?$/

/** Whether a schema is a JSON schema already. */
export function isJsonSchema(schema: unknown): boolean {
  const { type, properties, items, $schema, $ref } = fieldsOf(schema)
  return (
    isFields(properties) ||
    typeof $schema === 'string' ||
    typeof $ref === 'string' ||
    (type === 'object' && !('type?' in fieldsOf(schema))) ||
    (type === 'array' && isFields(items))
  )
}

/** A schema in Picoschema, the short form of dotprompt, as a JSON schema; a JSON schema stays as it is. */
export function schemaOf(schema: unknown): { [key: string]: Json } {
  if (isJsonSchema(schema)) return objectOf(asJson(schema))
  return typeof schema === 'string' ? scalar(schema) : fieldsSchema(schema)
}

function objectOf(value: Json): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

/** `string, what it is` */
function scalar(text: string): { [key: string]: Json } {
  const comma = text.indexOf(',')
  const type = (comma < 0 ? text : text.slice(0, comma)).trim()
  const description = comma < 0 ? '' : text.slice(comma + 1).trim()
  const known: { [key: string]: Json } = SCALARS.has(type) && type !== 'any' ? { type } : {}
  return { ...known, ...(description === '' ? {} : { description }) }
}

function fieldsSchema(value: unknown): { [key: string]: Json } {
  const properties: { [key: string]: Json } = {}
  const required: string[] = []
  let additional: Json = false
  for (const [key, inner] of Object.entries(fieldsOf(value))) {
    const [, name = key, optional, kind, description] = KEY.exec(key) ?? []
    if (name.trim() === '(*)' || key.startsWith('(*)')) {
      additional = schemaOf(inner)
      continue
    }
    const made = property(inner, kind, description)
    properties[name.trim()] = optional === undefined ? made : orNull(made)
    if (optional === undefined) required.push(name.trim())
  }
  const schema: { [key: string]: Json } = { type: 'object', properties }
  if (required.length > 0) schema['required'] = required
  schema['additionalProperties'] = additional
  return schema
}

/** What is optional may be null, too. */
function orNull({ type, enum: choices, ...rest }: { [key: string]: Json }): { [key: string]: Json } {
  return {
    ...(type === undefined ? {} : { type: typeof type === 'string' ? [type, 'null'] : type }),
    ...(Array.isArray(choices) ? { enum: [...choices, null] } : {}),
    ...rest,
  }
}

function property(
  inner: unknown,
  kind: string | undefined,
  description: string | undefined,
): { [key: string]: Json } {
  const told: { [key: string]: Json } = description === undefined ? {} : { description: description.trim() }
  if (kind === 'array') return { type: 'array', items: schemaOf(inner), ...told }
  if (kind === 'enum') return { enum: listOf(inner).flatMap((choice) => wordOf(choice) ?? []), ...told }
  return { ...schemaOf(inner), ...told }
}

import { z } from 'zod'
import { ContentPart, Message } from '../../prompts/content/content.ts'
import { isObject, type JsonObject } from '../transport/message.ts'

const MESSAGE =
  'Its content is a text, or a list of content blocks as MCP has them (text, image, audio, resource, resource_link)'

/** Told in the place of the five shapes of a part, which would be two thirds of a tool's definition. */
const PART = {
  type: 'object',
  description: 'A content block as MCP has them: text, image, audio, resource or resource_link',
} as const

/**
 * What a tool takes, in the part of JSON Schema that every client reads: no references, no unions, no
 * patterns, `items` on every list. It asks for less than the schema that the arguments are checked by, which
 * says what is wrong in plain words.
 */
export function inputSchema(schema: z.ZodType): JsonObject {
  return plain(toJson(schema, 'input'), { isInput: true })
}

/** The schema of a tool's answers, as short as it can be: clients check answers by it, models hardly see it. */
export function outputSchema(schema: z.ZodType): JsonObject {
  return plain(toJson(schema, 'output'), { isInput: false })
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  return z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === Message) jsonSchema.description = MESSAGE
      if (zodSchema !== ContentPart) return
      delete jsonSchema.oneOf
      delete jsonSchema.anyOf
      Object.assign(jsonSchema, PART)
    },
  })
}

interface Side {
  isInput: boolean
}

/** Keywords that the check of the arguments enforces alone, or that nothing enforces. */
const LEFT_OUT = new Set(['$schema', '$defs', '$ref', 'anyOf', 'oneOf', 'propertyNames', 'pattern', 'format'])
/** Keywords that every answer satisfies anyway. */
const BOUNDS = new Set([
  'description',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
])

function plain(schema: JsonObject, side: Side): JsonObject {
  const made: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    if (LEFT_OUT.has(key) || isNoBound(value) || (BOUNDS.has(key) && !side.isInput)) continue
    // Some readers know no constants.
    if (key === 'const') made.enum = [value]
    else made[key] = value
  }
  // A member that may be null may be left out as well.
  if (side.isInput && Array.isArray(schema.type)) made.type = schema.type.find((type) => type !== 'null')
  if (isObject(schema.properties))
    made.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, each]) => [name, plain(asSchema(each), side)]),
    )
  if (schema.type === 'array') made.items = plain(asSchema(schema.items), side)
  if (isObject(schema.additionalProperties)) made.additionalProperties = furtherProperties(schema, side)
  // Further members do no harm, and may come with a later release.
  else if (!side.isInput) delete made.additionalProperties
  const branches = schema.anyOf ?? schema.oneOf
  return Array.isArray(branches) ? { ...made, ...joined(branches.map(asSchema), side) } : made
}

/** Said in words: some readers take a missing word for `false`, others stumble over an empty schema. */
function furtherProperties({ additionalProperties }: JsonObject, side: Side): JsonObject | true {
  const values = plain(asSchema(additionalProperties), side)
  return Object.keys(values).length === 0 ? true : values
}

/** The bounds that zod writes for any whole number. */
function isNoBound(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER
}

function asSchema(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/**
 * One schema for alternatives. In an answer only what may be null keeps both, and anything else is open. In
 * arguments an object is shown rather than its short form, and a number rather than its digits; where a text
 * or a list may stand, no type fits both.
 */
function joined(branches: JsonObject[], side: Side): JsonObject {
  const made = branches.map((branch) => plain(branch, side))
  const values = made.filter(({ type }) => type !== 'null')
  if (!side.isInput) return values.length === 1 && values.length < made.length ? { anyOf: made } : {}
  const objects = values.filter(({ type }) => type === 'object')
  if (objects.length > 0) return objects.reduce(eitherObject)
  if (values.some(({ type }) => type === 'array')) return {}
  const [first = {}] = values
  if (values.length < 2) return first
  const { enum: _, ...open } = first
  return open
}

/** An object of either kind: required are the members that both require, allowed those that one has. */
function eitherObject(one: JsonObject, other: JsonObject): JsonObject {
  const needed = Array.isArray(other.required) ? other.required : []
  const required = Array.isArray(one.required) ? one.required.filter((name) => needed.includes(name)) : []
  return {
    ...other,
    ...one,
    properties: { ...asSchema(other.properties), ...asSchema(one.properties) },
    required,
  }
}

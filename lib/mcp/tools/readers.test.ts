import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { toStrictJsonSchema } from 'openai/lib/transform'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { convertJsonSchemaToZod } from 'zod-from-json-schema'
import { VARIABLE_TYPES } from '../../liquid/variable.ts'
import { declareVariables, toJsonSchema, type VariableInput } from '../../prompts/variables/variables.ts'
import { INSTRUCTIONS } from '../server-info.ts'
import { BUILT_IN_TOOLS } from '../tools.ts'
import { isObject, type JsonObject } from '../transport/message.ts'

/*
 * What clients do with the schemas of tools, each in its own way: a schema that one of them refuses takes the
 * tool away from its model, or the whole request with it.
 */

/** A variable of each type, and with all that can be said of one. */
const VARIABLES: VariableInput[] = [
  ...VARIABLE_TYPES.map((type) => ({
    name: `a_${type}`,
    type,
    ...(type === 'enum' ? { enum: ['one', 'two'] } : {}),
  })),
  { name: 'choice', type: 'string', enum: ['one', 'two'], default: 'one', description: 'Which' },
  { name: 'short', type: 'string', min: 1, max: 9, pattern: '^[a-z]+$' },
  { name: 'letters', type: 'string', required: false, pattern: '^\\p{L}+$' },
  { name: 'count', type: 'integer', min: 0, max: 10, default: 3 },
  { name: 'some', type: 'array', min: 1, max: 5, default: ['x'], example: ['a', { b: 1 }] },
  { name: 'settings', type: 'object', default: { a: [1] } },
]
const PUBLISHED = toJsonSchema(declareVariables(VARIABLES))

const SCHEMAS: [string, JsonObject][] = [
  ...BUILT_IN_TOOLS.map(({ name, listed }): [string, JsonObject] => [
    name,
    isObject(listed.inputSchema) ? listed.inputSchema : {},
  ]),
  ['a prompt that is published as a tool', PUBLISHED],
]

/** Words that every reader knows. OpenAI refuses some of the others, Mastra and the AI SDK stumble over them. */
const KNOWN_WORDS = new Set([
  'type',
  'title',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'pattern',
  'default',
  'examples',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
])

/** What is wrong with a schema, with the place. */
function faults(schema: unknown, place: string): string[] {
  if (!isObject(schema)) return [`${place} is no schema`]
  const { type, properties, items, additionalProperties, required } = schema
  const found = Object.keys(schema).flatMap((word) =>
    KNOWN_WORDS.has(word) ? [] : [`${place} says ${word}`],
  )
  if (type !== undefined && typeof type !== 'string') found.push(`${place} has more than one type`)
  if (type === undefined && Object.keys(schema).some((word) => word !== 'description'))
    found.push(`${place} has no type`)
  if (type === 'array') found.push(...faults(items, `${place}[]`))
  if (type === 'object' && properties === undefined && additionalProperties !== true)
    found.push(`${place} has neither properties nor any others`)
  if (isObject(additionalProperties)) found.push(...faults(additionalProperties, `${place}.*`))
  const named = isObject(properties) ? properties : {}
  for (const name of Array.isArray(required) ? required : [])
    if (!(String(name) in named)) found.push(`${place} requires ${name}, which it does not have`)
  return [...found, ...Object.entries(named).flatMap(([name, each]) => faults(each, `${place}.${name}`))]
}

const VALUES = {
  a_string: 'x',
  a_number: 1.5,
  a_integer: 2,
  a_boolean: true,
  a_enum: 'two',
  a_array: ['a', { b: 1 }, 3],
  a_object: { any: { thing: [1] } },
  a_messages: [{ role: 'user', content: 'Hello' }],
  short: 'abc',
  letters: 'äöü',
}

describe.each(SCHEMAS)('%s', (name, schema) => {
  it('has one plain type everywhere, items in every list, and no word that a reader may not know', () => {
    expect(faults(schema, name)).toEqual([])
  })

  it('is a schema to strict validators, of both drafts in use', () => {
    for (const ajv of [new Ajv({ strict: true }), new Ajv2020({ strict: true })])
      expect(() => ajv.compile(schema)).not.toThrow()
  })

  it('can be made a zod schema, as frameworks for agents do', () => {
    expect(z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(7).success).toBe(
      false,
    )
    expect(
      convertJsonSchemaToZod(schema as Parameters<typeof convertJsonSchemaToZod>[0]).safeParse(7).success,
    ).toBe(false)
  })
})

describe('a prompt that is published as a tool', () => {
  it.each([
    ['zod', z.fromJSONSchema(PUBLISHED as Parameters<typeof z.fromJSONSchema>[0])],
    [
      'zod-from-json-schema',
      convertJsonSchemaToZod(PUBLISHED as Parameters<typeof convertJsonSchemaToZod>[0]),
    ],
  ])('takes what fits and refuses the rest, read by %s', (_, read) => {
    expect(read.safeParse(VALUES).error).toBeUndefined()
    for (const wrong of [
      { a_enum: 'three' },
      { a_integer: 'two' },
      { short: 'ABC' },
      { a_boolean: 'perhaps' },
    ])
      expect(read.safeParse({ ...VALUES, ...wrong }).success).toBe(false)
  })

  it('can be used in OpenAI’s strict form where its values have a fixed shape', () => {
    const fixed = VARIABLES.filter(({ type }) => type !== 'array' && type !== 'object').map((variable) => {
      const { default: _, ...rest } = variable
      return { ...rest, required: true }
    })
    const schema = toJsonSchema(declareVariables(fixed))
    expect(() => toStrictJsonSchema(schema as Parameters<typeof toStrictJsonSchema>[0])).not.toThrow()
  })

  it('says in words what a pattern says that not every reader takes', () => {
    const { short, letters } = PUBLISHED.properties
    expect(short).toMatchObject({ pattern: '^[a-z]+$' })
    expect(letters).not.toHaveProperty('pattern')
    expect(letters?.description).toContain('^\\p{L}+$')
  })
})

describe('what every turn of an agent costs', () => {
  it('is at most 24 kB for the built-in tools', () => {
    expect(Buffer.byteLength(JSON.stringify(BUILT_IN_TOOLS.map(({ listed }) => listed)))).toBeLessThanOrEqual(
      24_000,
    )
  })

  it('is at most 512 characters of instructions, which is where some clients stop', () => {
    expect(INSTRUCTIONS.length).toBeLessThanOrEqual(512)
  })
})

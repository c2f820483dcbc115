import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { plainMessage } from './plain-words.ts'

function messageOf(schema: z.ZodType, value: unknown): string {
  const [issue] = schema.safeParse(value).error?.issues ?? []
  return plainMessage(issue?.message ?? 'is right')
}

const Shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('round') }),
  z.object({ kind: z.literal('square') }),
])

describe('plainMessage', () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.string(), undefined, 'is required'],
    [z.string(), 7, 'must be a text'],
    [z.number(), 'x', 'must be a number'],
    [z.number(), Number.NaN, 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.int(), 2 ** 60, 'must be at most 9007199254740991'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()), {}, 'must be a list'],
    [z.object({}), [], 'must be an object'],
    [z.null(), 1, 'must be null'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(2), 'a', 'must have at least 2 characters'],
    [z.string().max(1), 'ab', 'must have at most 1 character'],
    [z.string().length(3), 'a', 'must have exactly 3 characters'],
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().max(0.5), 1, 'must be at most 0.5'],
    [z.number().min(-1), -2, 'must be at least -1'],
    [z.number().gt(0), 0, 'must be more than 0'],
    [z.number().lt(2), 2, 'must be less than 2'],
    [z.number().multipleOf(5), 3, 'must be a multiple of 5'],
    [z.array(z.string()).min(1), [], 'must not be empty'],
    [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 item'],
    [z.enum(['a', 'b c']), 'x', 'must be one of: a, b c'],
    [z.literal('a'), 'x', 'must be "a"'],
    [Shape, { kind: 'flat' }, 'must be one of: round, square'],
    [z.union([z.string(), z.number()]), true, 'has none of the forms that are allowed'],
    [z.uuid(), 'x', 'must be an id, which is a UUID in full'],
    [z.base64(), '*', 'must be base64'],
    [z.url(), 'x', 'must be a URL'],
    [z.iso.datetime(), 'x', 'must be a time in ISO 8601 with an offset, such as 2026-01-31T12:00:00Z'],
    [z.string().startsWith('a'), 'x', 'must start with "a"'],
  ])('says what a value must be: %#', (schema, value, words) => {
    expect(messageOf(schema, value)).toBe(words)
  })

  it('leaves words of our own as they are', () => {
    for (const words of ['A tag is made of letters', 'Invalid for some reason of ours', ''])
      expect(plainMessage(words)).toBe(words)
  })
})

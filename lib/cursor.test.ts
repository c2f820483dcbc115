import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type CursorKey, type CursorScope, decodeCursor, encodeCursor } from './cursor.ts'
import { isAppError } from './errors.ts'

const AnyKey = z.array(z.union([z.string(), z.number(), z.null()]))
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const key: fc.Arbitrary<CursorKey> = fc.array(
  fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
    fc.constant(null),
  ),
  { maxLength: 4 },
)
const scope: fc.Arbitrary<CursorScope> = fc.record({
  list: text,
  sort: text,
  filters: fc.dictionary(text, fc.oneof(text, fc.boolean())),
})

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
  return 'accepted'
}

describe('cursor', () => {
  it('gives its key back to the list it was made for', () => {
    fc.assert(
      fc.property(scope, key, (scope, key) => {
        expect(decodeCursor(scope, AnyKey, encodeCursor(scope, key))).toEqual(key)
      }),
    )
  })

  it('does not care about the order of the filters, nor about absent ones', () => {
    const cursor = encodeCursor({ list: 'a', filters: { x: 1, y: 2, z: undefined } }, ['k'])
    expect(decodeCursor({ list: 'a', filters: { y: 2, x: 1 } }, AnyKey, cursor)).toEqual(['k'])
  })

  it('is refused by any other list, sort or filter', () => {
    fc.assert(
      fc.property(scope, scope, key, (one, other, key) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other))
        fc.pre(encodeCursor(one, []) !== encodeCursor(other, []))
        expect(refusal(() => decodeCursor(other, AnyKey, encodeCursor(one, key)))).toBe('invalid_input')
      }),
    )
  })

  it('is refused when a character of it changed', () => {
    fc.assert(
      fc.property(
        scope,
        key,
        fc.nat(),
        fc.constantFrom('A', 'z', '_', '9', '=', ' '),
        (scope, key, at, character) => {
          const cursor = encodeCursor(scope, key)
          const index = at % cursor.length
          fc.pre(cursor[index] !== character)
          const changed = cursor.slice(0, index) + character + cursor.slice(index + 1)
          expect(refusal(() => decodeCursor(scope, AnyKey, changed))).toBe('invalid_input')
        },
      ),
    )
  })

  it('never fails otherwise, whatever is sent', () => {
    fc.assert(
      fc.property(scope, fc.oneof(fc.string(), fc.base64String(), fc.json()), (scope, garbage) => {
        expect(refusal(() => decodeCursor(scope, AnyKey, garbage))).toBe('invalid_input')
      }),
    )
  })

  it('refuses a key of another shape, even a well-sealed one', () => {
    const scope = { list: 'prompts' }
    const cursor = encodeCursor(scope, ['name', 7])
    expect(refusal(() => decodeCursor(scope, z.tuple([z.string()]), cursor))).toBe('invalid_input')
  })

  it.each([
    ['half a surrogate pair', '["seal", "a\\ud800"]'],
    ['a NUL', '["seal", "\\u0000"]'],
    ['a number beyond all', '["seal", 1e999]'],
    ['lists in lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['a key of a prototype', '["seal", {"__proto__": 1}]'],
  ])('refuses %s in a key that somebody made up', (_, json) => {
    const cursor = Buffer.from(json).toString('base64url')
    expect(refusal(() => decodeCursor({ list: 'prompts' }, AnyKey, cursor))).toBe('invalid_input')
  })

  it('is nothing when none was sent', () => {
    expect(decodeCursor({ list: 'prompts' }, AnyKey, undefined)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { CursorTime, Moment } from './time.ts'

const takes = (schema: typeof Moment, text: string) => schema.safeParse(text).success

describe('a moment', () => {
  it.each([
    '1970-01-01T00:00:00Z',
    '2999-12-31T23:59:59.999Z',
    '2026-11-28T12:00:00+02:00',
    '2026-11-28T12:00:00-23:59',
    '2024-02-29T00:00:00Z',
    '2026-11-28T12:00:00.123456789Z',
  ])('%s is one', (text) => expect(takes(Moment, text)).toBe(true))

  it.each([
    '0001-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+00:01',
    '2999-12-31T23:59:59-00:01',
    '9999-12-31T23:59:59Z',
    '+275760-09-13T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-11-28T24:00:00Z',
    '2026-11-28T12:00:00',
    '2026-11-28',
    `2026-11-28T12:00:00.${'0'.repeat(100)}Z`,
    'infinity',
    '1e3',
    '',
  ])('%s is none', (text) => expect(takes(Moment, text)).toBe(false))
})

it('a time in a cursor is bounded as well, and has no offset', () => {
  expect(takes(CursorTime, '2026-11-28T12:00:00.123Z')).toBe(true)
  expect(takes(CursorTime, '2026-11-28T12:00:00+01:00')).toBe(false)
  expect(takes(CursorTime, '0000-01-01T00:00:00Z')).toBe(false)
})

import { describe, expect, it } from 'vitest'
import { appError } from '../errors.ts'
import { failureType, plainMessage, plainStack } from './failure.ts'

describe('the message of an error', () => {
  it.each([
    ['relation "prompt_example" does not exist', 'relation "…" does not exist'],
    ['invalid input syntax for type uuid: "not-a-uuid"', 'invalid input syntax for type uuid: "…"'],
    [
      `Unexpected token 'h', "hello my se"... is not valid JSON`,
      `Unexpected token '…', "…"... is not valid JSON`,
    ],
    ['Key (email)=(ada@example.org) already exists', 'Key (email)=(…) already exists'],
    ['no mailbox ada.l@example.org', 'no mailbox …@…'],
    ['generation 0198f7a0-1111-7222-8333-444455556666 has ended', 'generation … has ended'],
    ['read 123456 of 99 bytes', 'read … of 99 bytes'],
    ['key sk-live0123456789 was refused', 'key sk-*** was refused'],
    ['it says "a quote without an end and a secret', 'it says "…"'],
    ["it can't and doesn't", "it can't and doesn't"],
    ['a "quoted" and "an open one', 'a "…" and "…"'],
    ['two\n\nlines', 'two lines'],
    [`said ${'very '.repeat(200)}much`, `said ${'very '.repeat(200)}`.slice(0, 300)],
  ])('%s', (message, expected) => expect(plainMessage(message)).toBe(expected))

  it('is made in time whatever it is', () => {
    for (const text of ['"'.repeat(5000), `=(${'('.repeat(5000)}`, 'a-'.repeat(5000), '\\"'.repeat(5000)])
      expect(plainMessage(text).length).toBeLessThanOrEqual(300)
  })
})

it('keeps the calls of a stack, and no line of its message', () => {
  const stack = 'Error: a secret\n  and more\n    at first (file:///a.js:1:2)\n    at async /b.js:3:4'
  expect(plainStack(stack)).toEqual(['at first (file:///a.js:1:2)', 'at async /b.js:3:4'])
  expect(plainStack(undefined)).toEqual([])
})

it('is one word, and unexpected where nobody foresaw it', () => {
  const named = (error: object) => failureType(Object.assign(new Error('x'), error))
  expect(failureType(appError('not_found', 'x'))).toEqual({ type: 'not_found', unexpected: false })
  expect(failureType(appError('internal', 'x'))).toEqual({ type: 'internal', unexpected: true })
  expect(named({ kind: 'rate_limited' })).toEqual({ type: 'rate_limited', unexpected: false })
  expect(named({ name: 'RpcError', code: -32602 })).toEqual({ type: '-32602', unexpected: false })
  expect(named({ name: 'RetryAfterError' })).toEqual({ type: 'RetryAfterError', unexpected: false })
  expect(named({ code: '42P01' })).toEqual({ type: '42P01', unexpected: true })
  expect(failureType(new TypeError('x'))).toEqual({ type: 'TypeError', unexpected: true })
  expect(failureType('x')).toEqual({ type: '_OTHER', unexpected: true })
})

import { describe, expect, it } from 'vitest'
import { describeError, scrub } from './log.ts'

describe('scrub', () => {
  it.each([
    ['connect postgresql://incipit:hunter2@db/incipit failed', 'hunter2'],
    ['postgres://u:p%40ss@h/d', 'p%40ss'],
    ['key sk-ant-REDACTED was refused', 'abcdefghijkl'],
    ['key sk-proj-Ab_12345678-zz', 'Ab_12345678'],
    ['{"authorization":"Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc="}', 'eyJhbGciOi'],
    ['key=gsk_1234567890abcdef', '1234567890abcdef'],
    ['AIzaSyA1234567890', 'SyA1234567890'],
  ])('takes the secret out of %j', (text, secret) => {
    expect(scrub(text)).not.toContain(secret)
    expect(scrub(text)).toContain('***')
  })

  it('leaves other texts alone', () => {
    const text = 'postgresql://localhost/incipit, sk- alone, task-management and bearer tokens'
    expect(scrub(text)).toBe(text)
  })
})

describe('describeError', () => {
  it('tells type, message, code and causes, and nothing that a driver hung on', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET', client: { password: 'hunter2' } })
    const described = describeError(new Error('away', { cause }))
    expect(described).toMatchObject({ message: 'away', cause: { message: 'reset', code: 'ECONNRESET' } })
    expect(JSON.stringify(described)).not.toContain('hunter2')
  })
})

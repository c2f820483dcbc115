import { describe, expect, it } from 'vitest'
import { scrub } from './log.ts'

describe('scrub', () => {
  it.each([
    ['connect postgresql://incipit:hunter2@db/incipit failed', 'hunter2'],
    ['postgres://u:p%40ss@h/d', 'p%40ss'],
    ['key sk-ant-REDACTED was refused', 'abcdefghijkl'],
  ])('takes the secret out of %j', (text, secret) => {
    expect(scrub(text)).not.toContain(secret)
    expect(scrub(text)).toContain('***')
  })

  it('leaves other texts alone', () => {
    expect(scrub('postgresql://localhost/incipit and sk- alone')).toBe(
      'postgresql://localhost/incipit and sk- alone',
    )
  })
})

import { describe, expect, it } from 'vitest'
import {
  newRecoveryCodes,
  newTotpSecret,
  plainRecoveryCode,
  stepOfCode,
  totpCode,
  totpStep,
  totpUri,
} from './totp.ts'

// RFC 6238, Appendix B: the secret is the ASCII text 12345678901234567890, the codes are cut to six digits.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %d seconds is that of RFC 6238', (seconds, code) => {
    expect(totpCode(SECRET, totpStep(seconds * 1000))).toBe(code)
  })

  const now = 1_234_567_890_000
  const present = totpStep(now)

  it('counts a step early and a step late, and no further', () => {
    const counts = [-2, -1, 0, 1, 2].map(
      (off) => stepOfCode(SECRET, totpCode(SECRET, present + off), { now, after: 0 }) !== undefined,
    )
    expect(counts).toEqual([false, true, true, true, false])
  })

  it('does not count again, nor does an older one', () => {
    const code = totpCode(SECRET, present)
    expect(stepOfCode(SECRET, code, { now, after: present - 1 })).toBe(present)
    expect(stepOfCode(SECRET, code, { now, after: present })).toBeUndefined()
    expect(stepOfCode(SECRET, totpCode(SECRET, present - 1), { now, after: present })).toBeUndefined()
  })

  it.each(['', '12345', '1234567', 'abcdef', '００５９２４'])('is not %j', (code) => {
    expect(stepOfCode(SECRET, code, { now, after: 0 })).toBeUndefined()
  })
})

it('secrets are new each time and have 160 bits', () => {
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/)
  expect(newTotpSecret()).not.toBe(newTotpSecret())
})

it('the address for an app escapes what it is made of', () => {
  expect(totpUri('ABC', 'Incipit (a:1)', 'ada+x@example.org')).toBe(
    'otpauth://totp/Incipit%20(a%3A1):ada%2Bx%40example.org?secret=ABC&issuer=Incipit%20(a%3A1)&algorithm=SHA1&digits=6&period=30',
  )
})

it('recovery codes are ten, of 80 bits, and read however they are typed', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  expect(plainRecoveryCode(' K7QD 2m5x-p3ra–w6ht\n')).toBe('k7qd2m5xp3raw6ht')
})

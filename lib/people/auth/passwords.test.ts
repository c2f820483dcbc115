import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { isAppError } from '../../errors.ts'
import { createRuntime, setRuntime } from '../../runtime.ts'
import { processorTime } from '../../testing/time/processor-time.ts'
import { assertGoodPassword, hashPassword, isPassword } from './passwords.ts'

function start(waiting: string): void {
  const environment = { INCIPIT_LOG_LEVEL: 'silent', INCIPIT_SECURITY_PASSWORD_WAITING: waiting }
  setRuntime(createRuntime(loadConfig(environment, '/nowhere')))
}

beforeEach(() => start('32'))
afterEach(() => setRuntime(undefined))

const code = (work: () => unknown) => {
  try {
    work()
    return 'good'
  } catch (error) {
    return isAppError(error) ? error.details[0]?.code : error
  }
}

describe('a stored password', () => {
  it('is argon2id with 19 MiB, two passes, one lane and a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(two).not.toBe(one)
    expect(await isPassword(one, 'correct horse')).toBe(true)
    expect(await isPassword(one, 'correct horsE')).toBe(false)
  })

  it('is the same however the letters were put together', async () => {
    expect(await isPassword(await hashPassword('café au lait!'), 'cafe\u0301 au lait!')).toBe(true)
  })

  it('of nobody is never right, and takes the time of one', async () => {
    const hash = await hashPassword('correct horse')
    const work = (stored: string | null) =>
      processorTime(async () => expect(await isPassword(stored, 'wrong horse')).toBe(false))
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let round = 0; round < 5; round++) {
      known.push(await work(hash))
      unknown.push(await work(null))
    }
    const ratio = Math.min(...unknown) / Math.min(...known)
    expect(ratio).toBeGreaterThan(0.4)
    expect(ratio).toBeLessThan(2.5)
  })

  it('of an unknown form is a fault and no refusal', async () => {
    await expect(isPassword('plain text', 'x')).rejects.toThrow('unknown form')
  })
})

it('two are hashed at once, some wait, and the rest is told to come later', async () => {
  start('3')
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => hashPassword('correct horse')))
  const refused = all.filter((each) => each.status === 'rejected').map(({ reason }) => reason)
  expect(refused).toHaveLength(3)
  expect(refused[0]).toMatchObject({ code: 'overloaded', retryAfter: 2 })
  expect(await isPassword(await hashPassword('still works'), 'still works')).toBe(true)
})

describe('a new password', () => {
  const ada = { email: 'ada.lovelace@example.org', name: 'Ada  King Noel' }

  it.each([
    ['elevenchars', 'too_short'],
    ['twelve chars', 'good'],
    ['😀'.repeat(11), 'too_short'],
    ['😀'.repeat(256), 'good'],
    ['a'.repeat(257), 'too_long'],
    ['ADA.lovelace@example.org', 'too_easy'],
    ['Ada.Lovelace', 'too_easy'],
    ['ada king noel', 'too_easy'],
    ['ada king noel 1', 'good'],
  ])('%s: %s', (password, expected) => {
    expect(code(() => assertGoodPassword(password, ada))).toBe(expected)
  })
})

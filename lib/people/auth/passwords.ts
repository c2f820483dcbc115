import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { Turns } from '../../turns.ts'
import { PASSWORD_MAX, PASSWORD_MIN } from '../rules.ts'

/** Argon2id as OWASP asks for it: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32
const NONCE_BYTES = 16
/** Each takes a thread of the pool that also resolves names and reads files, and 19 MiB. */
const AT_ONCE = 2

const STORED = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/

/** Costs what a real one costs, and no password has it. */
const OF_NOBODY = stored(Buffer.alloc(NONCE_BYTES), Buffer.alloc(TAG_BYTES))

/**
 * Hashes a password for the database.
 * @throws overloaded when too many wait
 */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(NONCE_BYTES)
  const cost = { memory: MEMORY_KIB, passes: PASSES, lanes: LANES, bytes: TAG_BYTES }
  return stored(nonce, await derive(password, nonce, cost))
}

/**
 * Whether a password is the one behind a hash. Without a hash it takes the same time and says no.
 * @throws overloaded when too many wait
 */
export async function isPassword(hash: string | null | undefined, password: string): Promise<boolean> {
  const [, memory, passes, lanes, nonce = '', tag = ''] = STORED.exec(hash ?? OF_NOBODY) ?? []
  const kept = Buffer.from(tag, 'base64')
  if (kept.byteLength < TAG_BYTES) throw new Error('A stored password has an unknown form.')
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    bytes: kept.byteLength,
  }
  const made = await derive(password, Buffer.from(nonce, 'base64'), cost)
  return timingSafeEqual(made, kept) && hash !== null && hash !== undefined
}

/**
 * Refuses a password that is too short, too long, or the person's own e-mail or name.
 * @param field its name in the input
 * @throws invalid_input
 */
export function assertGoodPassword(
  password: string,
  person: { email: string; name: string },
  field = 'password',
): void {
  const length = Array.from(password).length
  if (length < PASSWORD_MIN)
    throw badPassword(field, 'too_short', `must have at least ${PASSWORD_MIN} characters`)
  if (length > PASSWORD_MAX)
    throw badPassword(field, 'too_long', `must have at most ${PASSWORD_MAX} characters`)
  const known = [person.email, person.email.split('@')[0] ?? '', person.name].map(folded)
  if (known.includes(folded(password)))
    throw badPassword(field, 'too_easy', 'must not be the e-mail or the name')
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '')
}

function badPassword(field: string, code: string, message: string): Error {
  return appError('invalid_input', `The password ${message}.`, {
    details: [{ path: [field], code, message }],
  })
}

interface Cost {
  memory: number
  passes: number
  lanes: number
  bytes: number
}

function derive(password: string, nonce: Buffer, { memory, passes, lanes, bytes }: Cost): Promise<Buffer> {
  const message = password.normalize('NFKC')
  const parameters = { message, nonce, parallelism: lanes, tagLength: bytes, memory, passes }
  return turns().run(
    () =>
      new Promise((resolve, reject) => {
        argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)))
      }),
  )
}

function turns(): Turns {
  return getRuntime().once(
    'people.hashing',
    ({ config }) =>
      new Turns({
        atOnce: AT_ONCE,
        waiting: () => config.security.password_waiting,
        full: () =>
          appError('overloaded', 'Too many people sign in at this moment. Try again in a few seconds.', {
            retryAfter: 2,
            extra: { limit: 'security.password_waiting' },
          }),
      }),
  )
}

function stored(nonce: Buffer, tag: Buffer): string {
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString('base64').replaceAll('=', ''))
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${salt}$${hash}`
}

import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, thirty seconds. */
const DIGITS = 6
const STEP_SECONDS = 30
/** Steps around the present one that count: clocks differ, and typing takes time. */
const TOLERANCE = 1
const SECRET_BYTES = 20
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const RECOVERY_CODES = 10
/** 80 bits: nobody finds one from its hash. */
const RECOVERY_LENGTH = 16

/** A new secret, in base32. */
export function newTotpSecret(): string {
  return base32(randomBytes(SECRET_BYTES))
}

/** The address that an authenticator app reads from a picture. */
export function totpUri(secret: string, issuer: string, account: string): string {
  const [by, who] = [issuer, account].map(encodeURIComponent)
  return `otpauth://totp/${by}:${who}?secret=${secret}&issuer=${by}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`
}

/** The code of a step. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

/** The step of a moment. */
export function totpStep(now: number): number {
  return Math.floor(now / 1000 / STEP_SECONDS)
}

/**
 * The step whose code this is; undefined: of none around now.
 * @param after steps up to this one were used: each code counts once
 */
export function stepOfCode(
  secret: string,
  code: string,
  { now, after }: { now: number; after: number },
): number | undefined {
  const given = Buffer.from(code)
  const present = totpStep(now)
  let found: number | undefined
  for (let step = present - TOLERANCE; step <= present + TOLERANCE; step++) {
    const right = Buffer.from(totpCode(secret, step))
    if (right.byteLength === given.byteLength && timingSafeEqual(right, given) && step > after) found ??= step
  }
  return found
}

/** New recovery codes, such as `k7qd-2m5x-p3ra-w6ht`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: RECOVERY_LENGTH }, () => BASE32.charAt(randomInt(BASE32.length)))
    return letters.join('').toLowerCase().match(/.{4}/g)?.join('-') ?? ''
  })
}

/** A recovery code as it was typed: without spaces, dashes and capitals. */
export function plainRecoveryCode(typed: string): string {
  return typed.toLowerCase().replaceAll(/[^a-z2-7]/g, '')
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32.charAt(Number.parseInt(five, 2))).join('')
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text)
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

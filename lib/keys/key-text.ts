import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { KEY_START } from '../access/read-credential.ts'

/*
 * The text of a key: `inc_`, 256 random bits in base62, and a checksum of all that in six more digits. The prefix
 * and the checksum let scanners find a leaked key and tell it from chance, without asking anybody.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_DIGITS = 43
const CHECK_DIGITS = 6
/** Characters that stay readable, so that people tell their keys apart. */
const SHOWN = 8

const KEY = new RegExp(`^${KEY_START}[0-9A-Za-z]{${RANDOM_DIGITS + CHECK_DIGITS}}$`)

/** A new key. */
export function newKeyText(): string {
  const number = BigInt(`0x${randomBytes(32).toString('hex')}`)
  const body = KEY_START + base62(number, RANDOM_DIGITS)
  return body + checkDigits(body)
}

/** Whether a text can be one of our keys. It asks for no secret: a slip or a guess fails here, at once. */
export function isKeyText(text: string): boolean {
  if (!KEY.test(text)) return false
  const body = text.slice(0, -CHECK_DIGITS)
  return text.endsWith(checkDigits(body))
}

/** The first characters of a key, which are stored and shown. */
export function shownPrefix(text: string): string {
  return text.slice(0, SHOWN)
}

function checkDigits(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let place = 0; place < CHECK_DIGITS; place++) {
    text = DIGITS.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

function base62(number: bigint, length: number): string {
  let rest = number
  let text = ''
  for (let place = 0; place < length; place++) {
    text = DIGITS.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  return text
}

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { getRuntime } from '../runtime.ts'
import { derivedKeys } from '../secrets/derive.ts'

/** The peppers of this installation: that of today's secret, then those of earlier ones. */
function peppers(): readonly [KeyObject, ...KeyObject[]] {
  return getRuntime().once('keys.peppers', () => {
    const [current, ...previous] = derivedKeys('api keys').map((key) => createSecretKey(key))
    if (current === undefined) throw new Error('There is no secret to hash keys with.')
    return [current, ...previous]
  })
}

/** The hash that a key is stored under from now on. Without the installation's secret the text is not to be found. */
export function hashKey(text: string): Buffer {
  return hmac(peppers()[0], text)
}

/** The hashes that a key was stored under with the installation's earlier secrets. */
export function earlierHashes(text: string): Buffer[] {
  const [, ...previous] = peppers()
  return previous.map((pepper) => hmac(pepper, text))
}

/** A key has 256 random bits: a slow hash would add nothing. */
function hmac(pepper: KeyObject, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest()
}

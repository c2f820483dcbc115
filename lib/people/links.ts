import { createHash, randomBytes } from 'node:crypto'
import { getRuntime } from '../runtime.ts'

const BYTES = 32

/** What a link proves, and the hash that is kept of it. */
export interface LinkSecret {
  secret: string
  hash: Buffer
}

/** A new secret for a link: 256 bits of chance. */
export function newLinkSecret(): LinkSecret {
  const secret = randomBytes(BYTES).toString('base64url')
  return { secret, hash: hashOf(secret) }
}

/** What is kept of the secret of a link. It is found by it: no comparison tells how far a guess was right. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** A link with its secret in the fragment, which browsers send to no server and no Referer. */
export function linkTo(page: 'set-up' | 'invitation' | 'reset', secret: string): string {
  return `${getRuntime().config.publicUrl}/${page}#${secret}`
}

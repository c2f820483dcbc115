import { createHash, randomBytes } from 'node:crypto'

/** How texts of each kind begin, so that secret scanners find one that leaked. */
const STARTS = { code: 'incac_', access: 'incat_', refresh: 'incrt_', client: 'inccs_' } as const

export type SecretKind = keyof typeof STARTS

const BYTES = 32
const RANDOM = /^[\w-]{43}$/

/** A code, token or client secret of 256 random bits. */
export function newSecret(kind: SecretKind): string {
  return STARTS[kind] + randomBytes(BYTES).toString('base64url')
}

/** The hash that is kept of a secret. Random bits cannot be guessed, so a slow hash would add nothing. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Whether a text can be a secret of a kind at all. */
export function canBe(kind: SecretKind, text: string): boolean {
  return text.startsWith(STARTS[kind]) && RANDOM.test(text.slice(STARTS[kind].length))
}

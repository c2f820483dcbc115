import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { appError } from '../../errors.ts'
import { type WrappingKey, wrappingKeys } from './secrets.ts'

/** Where a sealed value is stored. It opens in this place alone: a swapped or copied one does not. */
export interface SealedPlace {
  table: string
  column: string
  workspaceId: string
  /** Id of the row. */
  id: string
}

export interface SealedKey {
  sealed: Uint8Array
  /** Which secret it was sealed with. */
  keyId: string
}

const CIPHER = 'aes-256-gcm'
const FORMAT = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Format, then the wrapped key of this value alone; the value itself follows. */
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

/**
 * Seals a provider's key for one place of the database: AES-256-GCM under a key made for this value, which
 * in turn is wrapped with the installation's secret.
 */
export function sealKey(plain: string, place: SealedPlace): SealedKey {
  const { current } = wrappingKeys()
  const own = randomBytes(KEY_BYTES)
  const bound = boundTo(place, current)
  const wrapped = encrypt(current.key, own, bound)
  const value = encrypt(own, Buffer.from(plain, 'utf8'), bound)
  return { sealed: Buffer.concat([Buffer.of(FORMAT), wrapped, value]), keyId: current.id }
}

/**
 * Opens a sealed key.
 * @throws unavailable, with a text that says what to do, when it was sealed with a secret that is not
 * known here, in another place, or was changed
 */
export function openKey({ sealed, keyId }: SealedKey, place: SealedPlace): string {
  const wrapping = wrappingKeys().byId.get(keyId)
  if (wrapping === undefined)
    throw unreadable(
      'It was sealed with another INCIPIT_SECRET: give that one in INCIPIT_SECRET_PREVIOUS, or enter the key again.',
    )
  const bytes = Buffer.from(sealed)
  const bound = boundTo(place, wrapping)
  try {
    if (bytes[0] !== FORMAT) throw new Error('unknown format')
    const own = decrypt(wrapping.key, bytes.subarray(1, 1 + WRAPPED_BYTES), bound)
    return decrypt(own, bytes.subarray(1 + WRAPPED_BYTES), bound).toString('utf8')
  } catch {
    throw unreadable('What is stored was changed or belongs to something else: enter the key again.')
  }
}

function unreadable(what: string) {
  return appError('unavailable', `The stored key cannot be read. ${what}`)
}

/** What the seal is bound to, besides the key. */
function boundTo({ table, column, workspaceId, id }: SealedPlace, wrapping: WrappingKey): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, table, column, workspaceId, id, wrapping.id]))
}

function encrypt(key: Buffer, plain: Buffer, bound: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, bytes: Buffer, bound: Buffer): Buffer {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('too short')
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound)
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  return Buffer.concat([
    decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)),
    decipher.final(),
  ])
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { appError } from '../errors.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { derivedKeys } from './derive.ts'

/** Where a sealed value is stored. It opens in this place alone: a swapped or copied one does not. */
export interface SealedPlace {
  table: string
  column: string
  workspaceId: string
  /** Id of the row. */
  id: string
}

/** A data key under one secret, as the table `data_key` keeps it. */
export interface Wrap {
  /** Id of the secret that it is wrapped with. */
  secret: string
  /** In base64. */
  key: string
}

/** The key that seals values of one workspace. The newest wrap is the first; the one before stays for a while. */
export interface DataKey {
  id: string
  wraps: readonly Wrap[]
}

/** A sealed value as it is read. */
export interface Sealed {
  sealed: Uint8Array
  /** Id of the data key that it was sealed with; in format 1, of the secret. */
  keyId: string
  /** Wraps of the data key; null in format 1. */
  wraps: readonly Wrap[] | null
}

const CIPHER = 'aes-256-gcm'
/** Each value had a key of its own, which was wrapped with the secret and stood before it. */
const WITH_OWN_KEY = 1
const WITH_DATA_KEY = 2
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

/** The key-encryption keys of this process. */
interface WrappingKeys {
  current: { id: string; key: Buffer }
  /** By the id of their secret, the current one among them. */
  byId: ReadonlyMap<string, Buffer>
}

function wrappingKeys(): WrappingKeys {
  return getRuntime().once('secrets.wrapping', () => {
    const ids = secretIds()
    const [current, ...previous] = derivedKeys('key wrapping').map((key, n) => ({ id: ids[n] ?? '', key }))
    if (current === undefined) throw new Error('There is no secret.')
    return { current, byId: new Map([...previous, current].map(({ id, key }) => [id, key])) }
  })
}

/** Ids of the secrets that are known here, that of the current one first. They tell nothing of a secret. */
export function secretIds(): string[] {
  return derivedKeys('key id', 8).map((id) => id.toString('hex'))
}

/** A new data key, wrapped with the current secret. */
export function makeDataKey(workspaceId: string): DataKey {
  const id = newId()
  return { id, wraps: [wrap(randomBytes(KEY_BYTES), workspaceId, id)] }
}

/**
 * The same data key with a wrap of the current secret, beside the one by which it was opened: instances that
 * know only that secret go on until they are replaced.
 * @returns undefined when no secret that is known here opens it
 */
export function rewrapped(dataKey: DataKey, workspaceId: string): DataKey | undefined {
  const opened = unwrap(dataKey, workspaceId)
  if (opened === undefined) return undefined
  return { id: dataKey.id, wraps: [wrap(opened.key, workspaceId, dataKey.id), opened.by] }
}

/**
 * Seals a value for one place of the database: AES-256-GCM under a data key, which in turn is wrapped with the
 * installation's secret.
 * @throws unavailable when no secret that is known here opens the data key
 */
export function seal(plain: string, dataKey: DataKey, place: SealedPlace): Uint8Array {
  const opened = unwrap(dataKey, place.workspaceId)
  if (opened === undefined)
    throw appError(
      'unavailable',
      'Nothing can be stored sealed: this instance has another INCIPIT_SECRET than the database. Give it the same one.',
    )
  const value = encrypt(opened.key, Buffer.from(plain, 'utf8'), boundTo(WITH_DATA_KEY, place, dataKey.id))
  return Buffer.concat([Buffer.of(WITH_DATA_KEY), value])
}

/**
 * Opens a sealed value.
 * @throws unavailable, with a text that says what to do, when it was sealed with a secret that is not
 * known here, in another place, or was changed
 */
export function open(value: Sealed, place: SealedPlace): string {
  const bytes = Buffer.from(value.sealed)
  if (bytes[0] === WITH_OWN_KEY) return openWithOwnKey(bytes, value.keyId, place)
  if (bytes[0] !== WITH_DATA_KEY || value.wraps === null) throw changed()
  const opened = unwrap({ id: value.keyId, wraps: value.wraps }, place.workspaceId)
  if (opened === undefined) throw otherSecret()
  return decryptText(opened.key, bytes.subarray(1), boundTo(WITH_DATA_KEY, place, value.keyId))
}

function openWithOwnKey(bytes: Buffer, secretId: string, place: SealedPlace): string {
  const wrapping = wrappingKeys().byId.get(secretId)
  if (wrapping === undefined) throw otherSecret()
  const bound = boundTo(WITH_OWN_KEY, place, secretId)
  const own = decrypt(wrapping, bytes.subarray(1, 1 + WRAPPED_BYTES), bound)
  if (own === undefined) throw changed()
  return decryptText(own, bytes.subarray(1 + WRAPPED_BYTES), bound)
}

function otherSecret() {
  return appError(
    'unavailable',
    'The stored key cannot be read. It was sealed with another INCIPIT_SECRET: give that one in INCIPIT_SECRET_PREVIOUS, or enter the key again.',
  )
}

function changed() {
  return appError(
    'unavailable',
    'The stored key cannot be read. What is stored was changed or belongs to something else: enter the key again.',
  )
}

/** What a value is bound to, besides the key. */
function boundTo(format: number, { table, column, workspaceId, id }: SealedPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([format, table, column, workspaceId, id, keyId]))
}

function boundDataKey(workspaceId: string, id: string, secret: string): Buffer {
  return Buffer.from(JSON.stringify([WITH_DATA_KEY, 'data_key', 'wraps', workspaceId, id, secret]))
}

function wrap(key: Buffer, workspaceId: string, id: string): Wrap {
  const { current } = wrappingKeys()
  const wrapped = encrypt(current.key, key, boundDataKey(workspaceId, id, current.id))
  return { secret: current.id, key: wrapped.toString('base64') }
}

/** @returns undefined when no secret that is known here opens it */
function unwrap({ id, wraps }: DataKey, workspaceId: string): { key: Buffer; by: Wrap } | undefined {
  const { byId } = wrappingKeys()
  for (const by of wraps) {
    const wrapping = byId.get(by.secret)
    const bytes = Buffer.from(by.key, 'base64')
    const key = wrapping && decrypt(wrapping, bytes, boundDataKey(workspaceId, id, by.secret))
    if (key !== undefined) return { key, by }
  }
  return undefined
}

function encrypt(key: Buffer, plain: Buffer, bound: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decryptText(key: Buffer, bytes: Buffer, bound: Buffer): string {
  const plain = decrypt(key, bytes, bound)
  if (plain === undefined) throw changed()
  return plain.toString('utf8')
}

/** @returns undefined when it was changed, or the key or the place is another */
function decrypt(key: Buffer, bytes: Buffer, bound: Buffer): Buffer | undefined {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound)
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  try {
    const start = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES))
    return Buffer.concat([start, decipher.final()])
  } catch {
    return undefined
  }
}

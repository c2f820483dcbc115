import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The text of a receipt, in base64url: what was used, then 16 bytes of one use, then 16 bytes that sign both.
 *
 *     1 version of the form · 16 workspace · 16 prompt · 4 version · 8 first bytes of the checksum
 *     [16 generation] · label, filled up with zeros to a multiple of three
 *     4 seconds since 1970 · 1 operation · 11 chance and count
 *     16 signature
 *
 * The HMAC of the first part, under the key of the installation, is the key by which AES signs the one block of the
 * second (ADR 99): whoever renders a version again and again pays for the HMAC once.
 */

/** What was used. */
export interface Subject {
  readonly workspaceId: string
  readonly promptId: string
  readonly version: number
  /** Hexadecimal. */
  readonly checksum: string
  readonly label: string | null
  /** null: it was rendered. */
  readonly generationId: string | null
}

/** The kinds of uses, by their number in a receipt. A draft is a generation of a text that is no version. */
export const OPERATIONS = ['get', 'render', 'tool', 'generation', 'draft'] as const
export type ReceiptOperation = (typeof OPERATIONS)[number]

/** A receipt that was read and is genuine. The checksum has its first 16 digits. */
export interface ReadReceipt extends Subject {
  /** Of this use alone; of a generation its id. */
  readonly id: string
  readonly operation: ReceiptOperation
  readonly usedAt: Date
}

const FORM = 1
const WORKSPACE_AT = 1
const PROMPT_AT = 17
const VERSION_AT = 33
const CHECKSUM_AT = 37
const CHECKSUM_BYTES = 8
const REST_AT = 45
const ID_BYTES = 16
const BLOCK = 16
const TEXT = /^[\w-]{100,300}$/

/** Signs the uses of one subject. */
export interface Signer {
  /** @param block 16 bytes of one use, as `fillBlock` writes them */
  sign(block: Buffer): string
}

/** @param key of the installation */
export function createSigner(key: Buffer, subject: Subject): Signer {
  const head = headOf(subject)
  const start = head.toString('base64url')
  const cipher = blockCipher(key, head)
  const tail = Buffer.alloc(2 * BLOCK)
  return {
    sign(block) {
      block.copy(tail)
      tail.set(cipher.update(block), BLOCK)
      return start + tail.toString('base64url')
    },
  }
}

/** Writes when, by what, and which of all uses. */
export function fillBlock(block: Buffer, usedAt: number, operation: ReceiptOperation): void {
  block.writeUInt32BE(Math.floor(usedAt / 1000), 0)
  block[4] = OPERATIONS.indexOf(operation)
}

/**
 * Reads a receipt; undefined: none of these keys signed it.
 * @param keys of the installation, those of earlier secrets as well
 */
export function readReceiptText(keys: readonly Buffer[], text: string): ReadReceipt | undefined {
  if (!TEXT.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  // One receipt has one text.
  if (bytes.toString('base64url') !== text) return undefined
  const head = bytes.subarray(0, -2 * BLOCK)
  const block = bytes.subarray(-2 * BLOCK, -BLOCK)
  const signature = bytes.subarray(-BLOCK)
  const isGenuine = keys.some((key) => timingSafeEqual(blockCipher(key, head).update(block), signature))
  return isGenuine ? parse(head, block) : undefined
}

function parse(head: Buffer, block: Buffer): ReadReceipt | undefined {
  const operation = OPERATIONS[block[4] ?? OPERATIONS.length]
  if (head[0] !== FORM || operation === undefined) return undefined
  const isGeneration = operation === 'generation' || operation === 'draft'
  const labelAt = isGeneration ? REST_AT + ID_BYTES : REST_AT
  const generationId = isGeneration ? uuidOf(head, REST_AT) : null
  const label = head.toString('utf8', labelAt).replace(/\0+$/, '')
  return {
    workspaceId: uuidOf(head, WORKSPACE_AT),
    promptId: uuidOf(head, PROMPT_AT),
    version: head.readUInt32BE(VERSION_AT),
    checksum: head.toString('hex', CHECKSUM_AT, REST_AT),
    label: label === '' ? null : label,
    generationId,
    id: generationId ?? uuidOf(block, 0),
    operation,
    usedAt: new Date(block.readUInt32BE(0) * 1000),
  }
}

function headOf({ workspaceId, promptId, version, checksum, label, generationId }: Subject): Buffer {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(version)
  const parts = [
    Buffer.of(FORM),
    bytesOf(workspaceId),
    bytesOf(promptId),
    number,
    Buffer.from(checksum.slice(0, 2 * CHECKSUM_BYTES), 'hex'),
    ...(generationId === null ? [] : [bytesOf(generationId)]),
    Buffer.from(label ?? ''),
  ]
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  // Three bytes are four characters: what follows can be written by itself.
  return Buffer.concat(parts, Math.ceil(length / 3) * 3)
}

/** AES on whole blocks, by a key that belongs to this head alone. */
function blockCipher(key: Buffer, head: Buffer) {
  const own = createHmac('sha256', key).update(head).digest()
  return createCipheriv('aes-256-ecb', own, null).setAutoPadding(false)
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function uuidOf(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + ID_BYTES)
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => hex.slice(from, to))
    .join('-')
}

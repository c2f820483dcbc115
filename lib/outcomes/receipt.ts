import { randomBytes } from 'node:crypto'
import { getRuntime, type Runtime } from '../runtime.ts'
import { derivedKeys } from '../secrets/derive.ts'
import {
  createSigner,
  fillBlock,
  type ReadReceipt,
  type ReceiptOperation,
  readReceiptText,
  type Signer,
  type Subject,
} from './receipt-text.ts'

const DAY_MS = 86_400_000
/** Chance that tells this process from all others, and a count of its uses. */
const CHANCE_AT = 5
const COUNT_AT = 12
const COUNT_MAX = 2 ** 32 - 1

interface Receipts {
  /** Of the current secret, then of earlier ones. */
  readonly keys: readonly [Buffer, ...Buffer[]]
  /** By what a version was resolved to, for as long as that is in memory. */
  readonly signers: WeakMap<object, Signer>
  readonly block: Buffer
  count: number
}

function receipts(): Receipts {
  return getRuntime().once('receipts', (runtime) => ({
    keys: keysOf(runtime),
    signers: new WeakMap<object, Signer>(),
    block: Buffer.alloc(16),
    // The first use draws the chance.
    count: COUNT_MAX,
  }))
}

/** A folder that cannot be written keeps nobody from rendering. */
function keysOf({ log }: Runtime): [Buffer, ...Buffer[]] {
  try {
    const [current, ...previous] = derivedKeys('receipts')
    if (current !== undefined) return [current, ...previous]
  } catch (error) {
    log.warn({ err: error }, 'there is no secret to sign receipts with: they hold until this process ends')
  }
  return [randomBytes(32)]
}

/**
 * The receipt of one render: a text that says what was used and when, and that only this installation can make. It
 * costs about a microsecond.
 * @param source what the version was resolved to: the same object has the same subject
 */
export function issueReceipt(source: object, operation: ReceiptOperation, subjectOf: () => Subject): string {
  const state = receipts()
  const { block, signers } = state
  let signer = signers.get(source)
  if (signer === undefined) {
    signer = createSigner(state.keys[0], subjectOf())
    signers.set(source, signer)
  }
  if (state.count === COUNT_MAX) {
    randomBytes(COUNT_AT - CHANCE_AT).copy(block, CHANCE_AT)
    state.count = 0
  }
  block.writeUInt32BE(state.count++, COUNT_AT)
  fillBlock(block, Date.now(), operation)
  return signer.sign(block)
}

/** The receipt of a generation, each time the same; null once it has expired. */
export function generationReceipt(
  subject: Subject & { generationId: string },
  { usedAt, isDraft }: { usedAt: Date; isDraft: boolean },
): string | null {
  if (isExpired(usedAt)) return null
  const block = Buffer.alloc(16)
  fillBlock(block, usedAt.getTime(), isDraft ? 'draft' : 'generation')
  return createSigner(receipts().keys[0], subject).sign(block)
}

/** What a receipt says, whoever's it is; undefined: it was not made here, or it was changed. */
export function readReceipt(text: string): ReadReceipt | undefined {
  return readReceiptText(receipts().keys, text)
}

/** Whether the time is over in which the outcome of a use can be told. */
export function isExpired(usedAt: Date, now = Date.now()): boolean {
  return now - usedAt.getTime() > getRuntime().config.limits.receipt_days * DAY_MS
}

import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  createSigner,
  fillBlock,
  type ReceiptOperation,
  readReceiptText,
  type Subject,
} from './receipt-text.ts'

const KEY = randomBytes(32)
const NOW = Date.UTC(2026, 10, 30, 12, 0, 5)

const subject = (given: Partial<Subject> = {}): Subject => ({
  workspaceId: randomUUID(),
  promptId: randomUUID(),
  version: 3,
  checksum: 'ab'.repeat(32),
  label: 'production',
  generationId: null,
  ...given,
})

function make(of: Subject, operation: ReceiptOperation = 'render', key = KEY): string {
  const block = randomBytes(16)
  fillBlock(block, NOW, operation)
  return createSigner(key, of).sign(block)
}

describe('the text of a receipt', () => {
  it.each([
    subject(),
    subject({ label: null, version: 4_000_000_000 }),
    subject({ label: 'x'.repeat(64) }),
    ...['a', 'ab', 'abc', 'abcd'].map((label) => subject({ label })),
  ])('says what was used: $label', (of) => {
    const read = readReceiptText([KEY], make(of))
    expect(read).toMatchObject({
      ...of,
      checksum: 'ab'.repeat(8),
      operation: 'render',
      usedAt: new Date(NOW),
    })
  })

  it('has the id of a generation', () => {
    const of = subject({ generationId: randomUUID() })
    for (const operation of ['generation', 'draft'] as const)
      expect(readReceiptText([KEY], make(of, operation))).toMatchObject({
        id: of.generationId,
        generationId: of.generationId,
        label: 'production',
        operation,
      })
  })

  it('is compact, and safe in an address and a header', () => {
    expect(make(subject())).toMatch(/^[\w-]{119}$/)
  })

  it('is refused when any character of it is another one', () => {
    const text = make(subject())
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === 'A' ? 'B' : 'A'
      expect(readReceiptText([KEY], text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined()
    }
  })

  it('is refused cut, prolonged, mixed with another one, or signed by somebody else', () => {
    const [one, other] = [make(subject()), make(subject())]
    const broken = [
      '',
      'x'.repeat(119),
      one.slice(0, -1),
      `${one}A`,
      `AAAA${one}`,
      one.slice(0, -43) + other.slice(-43),
      make(subject(), 'render', randomBytes(32)),
    ]
    for (const text of broken) expect(readReceiptText([KEY], text)).toBeUndefined()
  })

  it('is read by the keys of earlier secrets', () => {
    const of = subject()
    const text = make(of)
    expect(readReceiptText([randomBytes(32), KEY], text)).toMatchObject({ promptId: of.promptId })
    expect(readReceiptText([randomBytes(32)], text)).toBeUndefined()
  })
})

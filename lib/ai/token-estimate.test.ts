import { describe, expect, it } from 'vitest'
import { threadMs } from '../testing/time/processor-time.ts'
import { estimateMessages, estimateTokens } from './token-estimate.ts'

/** Texts with what the table o200k counts for them. */
const COUNTED: readonly (readonly [text: string, tokens: number])[] = [
  [
    'You are a careful reviewer. Read the following pull request and list every problem that you find, with its file and line, in order of importance. Do not praise.',
    34,
  ],
  [
    'Die Vorlage wird gespeichert, sobald alle Pflichtfelder ausgefüllt sind. Überprüfen Sie bitte die Geschäftsbedingungen und bestätigen Sie anschließend die Änderungen an der Benutzeroberfläche.',
    34,
  ],
  [
    'Шаблон сохраняется, как только заполнены все обязательные поля. Пожалуйста, проверьте условия и подтвердите изменения.',
    28,
  ],
  ['模板会在填写完所有必填字段后保存。请检查条款并确认对用户界面的更改。然后继续下一步。', 30],
  [
    JSON.stringify(
      Array.from({ length: 20 }, (_, i) => ({
        id: i * 7919,
        name: `item_${i}`,
        active: i % 2 === 0,
        price: i * 1.25,
      })),
      null,
      2,
    ),
    711,
  ],
]

describe('the estimate of tokens', () => {
  it.each(COUNTED)('is within a quarter of what a common table counts: %.30s', (text, tokens) => {
    expect(estimateTokens(text) / tokens).toBeGreaterThan(0.75)
    expect(estimateTokens(text) / tokens).toBeLessThan(1.25)
  })

  it('is nothing for nothing, and something for anything', () => {
    expect(estimateTokens('')).toBe(0)
    expect(estimateTokens('{')).toBe(1)
    expect(estimateTokens('🎉')).toBeGreaterThan(0)
  })

  it('adds what the frame of a chat costs, and nothing to a lone text', () => {
    expect(estimateMessages(['Hello'])).toEqual({ each: [1], total: 1 })
    expect(estimateMessages(['Hello', 'World'])).toEqual({ each: [1, 1], total: 10 })
  })

  it('takes time in proportion to the text', () => {
    const estimate = () => {
      estimateTokens('{{ "a1" }} ünï \n'.repeat(20_000))
      estimateTokens(' '.repeat(300_000))
      estimateTokens('\n '.repeat(150_000))
    }
    expect(threadMs(estimate, 1_500)).toBeLessThan(1_500)
  })
})

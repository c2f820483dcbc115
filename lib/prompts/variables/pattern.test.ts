import { describe, expect, it } from 'vitest'
import { threadMs } from '../template/testing.ts'
import { matchesPattern, patternProblem } from './pattern.ts'
import { readBudget } from './value-size.ts'
import { readValue } from './variable-values.ts'

describe('patterns', () => {
  it('match anywhere unless they are anchored', () => {
    expect(matchesPattern('b+', 'abbc')).toBe(true)
    expect(matchesPattern('^b+$', 'abbc')).toBe(false)
    expect(matchesPattern('(?i)^HELLO', 'hello')).toBe(true)
  })

  it.each(['(?<=a)b', '(a)\\1', '(', 'a{1001}', 'x'.repeat(501), '(a{100}){100}'])(
    'refuses %j',
    (pattern) => {
      expect(patternProblem(pattern)).toBeTypeOf('string')
    },
  )

  it('case 6: no pattern holds the caller over 100 ms', () => {
    const hostile = [
      '^(a+)+$',
      '(x+x+)+y',
      '((a?){20}){5}[bc]$',
      '([ab][ab]?){1,80}[cd]\b',
      '(?:.{0,120})[!?]$',
    ]
    for (const pattern of hostile) {
      expect(patternProblem(pattern)).toBeUndefined()
      const variable = { name: 'v', type: 'string', required: true, pattern } as const
      const took = threadMs(() => {
        readValue(variable, `${'ab'.repeat(100_000)}!`, readBudget())
        readValue(variable, `${'aaab'.repeat(1_000)}!`, readBudget())
      }, 200)
      // Two matches at their worst, and the first one compiles.
      expect(took).toBeLessThan(200)
    }
  })
})

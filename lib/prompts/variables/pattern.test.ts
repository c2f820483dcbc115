import { describe, expect, it } from 'vitest'
import { DEFAULT_VALUE_LIMITS, readBudget } from '../../liquid/value-size.ts'
import { threadMs } from '../../testing/time/processor-time.ts'
import { errorOf } from '../template/testing.ts'
import { matchCost, matchesPattern, patternProblem } from './pattern.ts'
import { readValue } from './variable-values.ts'
import { declareVariables } from './variables.ts'

describe('patterns', () => {
  it('match anywhere unless they are anchored', () => {
    expect(matchesPattern('b+', 'abbc')).toBe(true)
    expect(matchesPattern('^b+$', 'abbc')).toBe(false)
    expect(matchesPattern('(?i)^HELLO', 'hello')).toBe(true)
  })

  it.each(['(?<=a)b', '(a)\\1', '(', 'a{1001}', 'x'.repeat(501)])('refuses %j', (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf('string')
  })

  it('may be as large as the configuration says, repetitions written out', () => {
    const declare = (pattern: string) =>
      errorOf(() => declareVariables([{ name: 'v', pattern }], { ...DEFAULT_VALUE_LIMITS, patternSize: 50 }))
    expect(() => declareVariables([{ name: 'v', pattern: 'a{40}' }])).not.toThrow()
    const error = declare('a{60}')
    expect([error.code, error.extra.limit]).toEqual(['too_large', 'limits.pattern_size'])
    expect(error.details[0]?.path).toEqual(['variables', 0, 'pattern'])
  })

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
      const longest = Math.floor(DEFAULT_VALUE_LIMITS.patternWork / matchCost(pattern, 1))
      const tooLong = errorOf(() => readValue(variable, 'a'.repeat(longest + 1), readBudget()))
      expect([tooLong.code, tooLong.extra.limit]).toEqual(['too_large', 'limits.pattern_work'])
      const took = threadMs(() => {
        readValue(variable, `${'ab'.repeat(100_000)}!`.slice(-longest), readBudget())
        readValue(variable, `${'aaab'.repeat(1_000)}!`.slice(-longest), readBudget())
      }, 200)
      // Two matches at their worst, and the first one compiles.
      expect(took).toBeLessThan(200)
    }
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threadMs } from '../../testing/time/processor-time.ts'
import { readSearchText } from './search-text.ts'

describe('readSearchText', () => {
  it('looks for signs where there is neither a letter nor a digit', () => {
    for (const q of ['{{ }}', '%_%', "'; --", '!!!', '🦑'])
      expect(readSearchText(q)).toMatchObject({ isSigns: true, patterns: [], names: [] })
    for (const q of ['', '   ']) expect(readSearchText(q)).toBeUndefined()
  })

  it('turns operators and wildcards into text', () => {
    expect(readSearchText('50%_off\\ -draft OR "x"')).toMatchObject({
      patterns: ['%50\\%\\_off\\\\%', '%-draft%'],
      names: [],
    })
  })

  it('names what would be called like it', () => {
    expect(readSearchText('Business  Logic')).toMatchObject({
      text: 'business logic',
      names: ['business_logic', 'business-logic'],
      patterns: ['%business%', '%logic%'],
      typing: undefined,
    })
  })

  it('takes a last word of two characters as the beginning of one', () => {
    expect(readSearchText('api de')?.typing).toEqual({ head: 'api', prefix: 'de' })
    expect(readSearchText('api d')?.typing).toBeUndefined()
  })

  it.each([
    ['要約', ['% 要約%']],
    ['猫', ['% 猫%']],
    ['「要約」', ['% 要約%']],
    ['要約 会議', ['% 要約%', '% 会議%']],
    ['議事録 要約', ['%議事録%', '% 要約%']],
    ['ﾒﾓ', ['% メモ%']],
    ['회의', ['% 회의%']],
    ['𠮷野', ['% 𠮷野%']],
    ['人々', ['% 人々%']],
    ['a要', []],
    ['ab', []],
    ['AI要約', ['%ai要約%']],
  ])('looks for short words of scripts without spaces inside of others: %s', (q, patterns) => {
    expect(readSearchText(q)?.patterns).toEqual(patterns)
  })

  it('is bounded, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (q) => {
        const search = readSearchText(q)
        if (search === undefined) return
        expect(search.text.length).toBeLessThan(1600)
        expect(search.patterns.length).toBeLessThanOrEqual(4)
        expect(search.typing?.prefix ?? 'ab').toMatch(/^[\p{L}\p{N}]{1,2}$/u)
      }),
    )
  })

  it('reads the worst text at once', () => {
    const took = threadMs(() => {
      for (const q of ['a!'.repeat(5000), 'a'.repeat(10_000), ' '.repeat(10_000), 'ab '.repeat(5000)])
        readSearchText(q)
    }, 300)
    expect(took).toBeLessThan(300)
  })
})

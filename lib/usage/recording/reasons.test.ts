import { describe, expect, it } from 'vitest'
import { ERROR_CATALOGUE, type ErrorCode, type ErrorDetail } from '../../errors.ts'
import { REASON_CODES } from '../rules.ts'
import { markOfTail, tailAt } from '../tail.ts'
import { DailyNames } from './daily-names.ts'
import { reasonsOf } from './reasons.ts'
import { keptValues } from './refused-values.ts'

const detail = (code: string, ...path: (string | number)[]): ErrorDetail => ({ path, code, message: code })
const of = (outcome: ErrorCode, ...details: ErrorDetail[]) => reasonsOf(outcome, details, () => true)

describe('reasonsOf', () => {
  it('names the variables of a refused render, each reason once', () => {
    const reasons = of(
      'unprocessable',
      detail('missing_variable', 'variables', 'tone'),
      detail('missing_variable', 'variables', 'tone'),
      detail('invalid_variable', 'variables', 'tone'),
      detail('unknown_variable', 'variables', 'tonne'),
      detail('nul_character', 'variables', 'who'),
    )
    expect(reasons).toEqual([
      { code: 'missing', variable: 'tone' },
      { code: 'wrong', variable: 'tone' },
      { code: 'unknown', variable: 'tonne' },
      { code: 'wrong', variable: 'who' },
    ])
  })

  it('has a code of the set for every error there is', () => {
    for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[]) {
      const [reason, ...others] = of(code)
      expect(REASON_CODES).toContain(reason?.code)
      expect([reason?.variable, others]).toEqual([null, []])
    }
  })

  it.each([
    ['not_found', of('not_found'), 'not_found'],
    ['a template that takes too long', of('unprocessable', detail('time_limit', 'content')), 'limit'],
    ['a text that cannot be rendered', of('unprocessable', detail('missing_value', 'content')), 'template'],
    ['a list that is too long', of('too_large', detail('too_many_items', 'content')), 'limit'],
    ['a provider', of('upstream_failed'), 'provider'],
    [
      'a missing variable of a template that is saved',
      of('unprocessable', detail('missing_variable', 'text')),
      'template',
    ],
  ])('tells %s', (_, reasons, code) => {
    expect(reasons).toEqual([{ code, variable: null }])
  })

  it('bounds what a caller can make up', () => {
    const many = Array.from({ length: 50 }, (_, n) => detail('unknown_variable', 'variables', `v${n}`))
    expect(of('unprocessable', ...many)).toHaveLength(20)
    const [long] = of('unprocessable', detail('unknown_variable', 'variables', `${'x'.repeat(63)}😀\0`))
    expect(long?.variable).toBe('x'.repeat(63))
    const refused = reasonsOf('unprocessable', many, () => false)
    expect(refused).toEqual([{ code: 'unknown', variable: null }])
  })
})

describe('DailyNames', () => {
  it('admits the first texts of each key, every day anew', () => {
    const names = new DailyNames(2)
    const admitted = (key: string, now: number) =>
      ['a', 'b', 'c'.repeat(5000), 'a'].map((text) => names.admits(key, text, now))
    expect(admitted('one', 0)).toEqual([true, true, false, true])
    expect(admitted('other', 1000)).toEqual([true, true, false, true])
    expect(names.admits('one', 'c'.repeat(5000), 86_400_000)).toBe(true)
  })
})

describe('keptValues', () => {
  const on = { refused_values: true, refused_value_length: 10 }
  const kept = (values: Record<string, unknown>, logging = on) => keptValues(values, logging)

  it('keeps nothing unless it is told to', () => {
    expect(kept({ who: 'Ann' }, { ...on, refused_values: false })).toBeNull()
  })

  it('cuts, and blanks what is or looks like a secret', () => {
    const values = {
      who: 'Ann Bonny of Cork',
      list: [1, { a: 2 }],
      nothing: undefined,
      api_key: 'harmless',
      text: 'sk-abcdefghijklmnop',
      odd: 'a\0b',
    }
    expect(JSON.parse(kept(values) ?? '')).toEqual({
      who: 'Ann Bonny ',
      list: '[1,{"a":2}',
      nothing: '',
      api_key: '***',
      text: 'sk-***',
      odd: 'a\uFFFDb',
    })
  })

  it('keeps a bounded number', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`v${n}`, 'x']))
    expect(Object.keys(JSON.parse(kept(many) ?? ''))).toHaveLength(20)
  })
})

describe('a tail', () => {
  it('keeps a time and a transaction', () => {
    for (const mark of [
      { time: 1_799_999_998_000, transaction: 2 ** 32 - 1 },
      { time: 0, transaction: 0 },
    ])
      expect(markOfTail(tailAt(mark))).toEqual(mark)
  })

  it.each(['', 't', 't1', 't1.', 'x1.1', 't-1.1', 'tzzzzzzzzzzz.1', 't1.zzzzzzz', 'T1.1', 't1.1 '])(
    'is refused when it is none: %j',
    (text) => {
      expect(() => markOfTail(text)).toThrow('`after` is no `tail` of an answer.')
    },
  )
})

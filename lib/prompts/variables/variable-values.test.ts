import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Variable, VariableType } from '../../liquid/variable.ts'
import { errorOf } from '../template/testing.ts'
import { coerceValues, variableTable } from './variable-values.ts'

const ONE = (type: VariableType, more: Partial<Variable> = {}): Variable => ({
  name: 'v',
  type,
  required: true,
  ...more,
})

function read(variable: Variable, value: unknown) {
  return coerceValues(variableTable([variable]), { v: value }).get('v')
}

function refusal(variable: Variable, value: unknown) {
  const error = errorOf(() => read(variable, value))
  return [error.code, error.details[0]?.code]
}

describe('coerceValues', () => {
  it.each<[VariableType, unknown, unknown]>([
    ['string', '', ''],
    ['string', 3, '3'],
    ['string', true, 'true'],
    ['number', '3', 3],
    ['number', ' 3.25 ', 3.25],
    ['number', '-1e3', -1000],
    ['number', '0.1', 0.1],
    ['integer', '3.0', 3],
    ['integer', '9007199254740991', 9007199254740991],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['array', '[1,"2"]', [1, '2']],
    ['array', [1], [1]],
    ['object', '{"a":{"b":1}}', { a: { b: 1 } }],
  ])('reads a %s from %j', (type, value, expected) => {
    expect(read(ONE(type), value)).toEqual(expected)
  })

  it.each<[VariableType, unknown]>([
    ['string', {}],
    ['string', [1]],
    ['number', ''],
    ['number', '3 apples'],
    ['number', '0x10'],
    ['number', 'Infinity'],
    ['number', Number.NaN],
    ['number', '12345678901234567890'],
    ['number', '0.12345678901234567891'],
    ['number', '1e-400'],
    ['number', '1e400'],
    ['integer', '3.5'],
    ['integer', '9007199254740993'],
    ['integer', 2 ** 53],
    ['boolean', 'yes'],
    ['boolean', 1],
    ['array', '["a", "b"'],
    ['array', ' [{"a": 1},]'],
    ['array', 7],
    ['array', { a: 1 }],
    ['object', '[1]'],
    ['object', 'null'],
    ['object', () => 1],
    ['object', new Date(0)],
  ])('refuses a %s from %j', (type, value) => {
    expect(refusal(ONE(type), value)).toEqual(['unprocessable', 'invalid_variable'])
  })

  it.each<[string, unknown[]]>([
    ['["a", {"b": 1}]', ['a', { b: 1 }]],
    ['a,b', ['a,b']],
    ['a', ['a']],
    ['first\nsecond\r\n\n  \nthird', ['first', 'second', 'third']],
    ['- a\n- b', ['- a', '- b']],
    ['[x] done\n[ ] open', ['[x] done', '[ ] open']],
    ['[link](https://example.com)', ['[link](https://example.com)']],
    ['{"a":1}', [{ a: 1 }]],
    ['7', ['7']],
    ['null', ['null']],
    ['', []],
    [' \n ', []],
  ])('reads a typed list from %j', (text, items) => {
    expect(read(ONE('array'), text)).toEqual(items)
  })

  it('checks a typed list like any other', () => {
    expect(refusal(ONE('array', { min: 2 }), 'one line')[0]).toBe('unprocessable')
    expect(refusal(ONE('array', { max: 2 }), 'a\nb\nc')[0]).toBe('unprocessable')
  })

  it('checks enum, bounds and pattern', () => {
    expect(read(ONE('enum', { enum: ['a', 'b'] }), 'a')).toBe('a')
    expect(refusal(ONE('enum', { enum: ['a', 'b'] }), 'A')).toEqual(['unprocessable', 'invalid_variable'])
    expect(refusal(ONE('string', { min: 2 }), 'a')[0]).toBe('unprocessable')
    expect(refusal(ONE('number', { max: 2 }), '3')[0]).toBe('unprocessable')
    expect(refusal(ONE('array', { max: 1 }), [1, 2])[0]).toBe('unprocessable')
    expect(refusal(ONE('string', { pattern: '^\\d+$' }), '12a')[0]).toBe('unprocessable')
    expect(read(ONE('string', { pattern: '^\\d+$' }), '12')).toBe('12')
  })

  it('names every missing, wrong and unknown variable in one error', () => {
    const table = variableTable([
      { name: 'a', type: 'string', required: true, description: 'The a' },
      { name: 'n', type: 'number', required: true },
      { name: 'o', type: 'string', required: false },
    ])
    const error = errorOf(() => coerceValues(table, { n: 'x', z: 1, a: null }))
    expect(error.message).toBe('The variables do not fit (missing: a; wrong: n; unknown: z)')
    expect(error.details.map(({ path, code }) => [path.join('.'), code])).toEqual([
      ['variables.a', 'missing_variable'],
      ['variables.n', 'invalid_variable'],
      ['variables.z', 'unknown_variable'],
    ])
  })

  it('uses the default, or nil, when an optional one has no value', () => {
    const table = variableTable([
      { name: 'd', type: 'number', required: false, default: 3 },
      { name: 'o', type: 'string', required: false },
    ])
    expect([...coerceValues(table, { o: undefined })]).toEqual([
      ['d', 3],
      ['o', null],
    ])
    expect(coerceValues(table, { o: '' }).get('o')).toBe('')
  })

  it('case 3: refuses text that cannot be stored', () => {
    expect(refusal(ONE('string'), 'a\0')).toEqual(['invalid_input', 'nul_character'])
    expect(refusal(ONE('object'), { a: ['\ud800'] })).toEqual(['invalid_input', 'lone_surrogate'])
  })

  it('case 4: refuses keys that reach a prototype, and leaves prototypes alone', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(refusal(ONE('object'), `{"a":{"${key}":{"polluted":1}}}`)[0]).toBe('unprocessable')
      const error = errorOf(() =>
        coerceValues(variableTable([]), JSON.parse(`{"${key}":1}`) as Record<string, unknown>),
      )
      expect(error.details[0]?.code).toBe('unknown_variable')
    }
    expect('polluted' in {}).toBe(false)
  })

  it('bounds length, items and depth', () => {
    expect(refusal(ONE('string'), 'x'.repeat(262_145))[0]).toBe('too_large')
    expect(refusal(ONE('array'), Array(10_001).fill(1))[0]).toBe('too_large')
    expect(refusal(ONE('array'), `${'['.repeat(40)}${']'.repeat(40)}`)[0]).toBe('too_large')
    expect(refusal(ONE('array'), '['.repeat(100_000))[0]).toBe('unprocessable')
  })

  it('reads back every number, integer and JSON value from its text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(read(ONE('number'), String(number))).toBe(number === 0 ? 0 : number)
      }),
    )
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(read(ONE('integer'), String(number))).toBe(number)
      }),
    )
    const json = fc
      .jsonValue({ maxDepth: 4 })
      .filter((value) => !/\\u|"(?:__proto__|constructor|prototype)"/.test(JSON.stringify(value)))
    fc.assert(
      fc.property(fc.array(json), (list) => {
        expect(read(ONE('array'), JSON.stringify(list))).toEqual(JSON.parse(JSON.stringify(list)))
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAppError } from './errors.ts'
import { parseJson } from './json.ts'

function faultOf(text: string, depth = 64) {
  try {
    parseJson(text, { depth })
  } catch (error) {
    if (!isAppError(error)) throw error
    const [detail] = error.details
    return { code: error.code, kind: detail?.code, path: detail?.path, range: detail?.range }
  }
  return undefined
}

describe('parseJson', () => {
  it('answers what JSON.parse answers, for any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2), (text, indent) => {
        fc.pre(!/__proto__|constructor|\\u0000|\\ud[89a-f]/i.test(text))
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        expect(parseJson(spaced, { depth: 64 })).toEqual(JSON.parse(spaced))
      }),
    )
  })

  it('throws nothing but invalid_input, and whenever JSON.parse throws, for any text', () => {
    const jsonLike = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\u0',
      'd8',
      'true',
      '1',
      'e',
      '-',
      '.',
    )
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: jsonLike }))
    const outcome = (parse: () => unknown) => {
      try {
        parse()
        return 'parsed'
      } catch (error) {
        return isAppError(error) ? error.code : error instanceof SyntaxError ? 'refused' : 'crashed'
      }
    }
    fc.assert(
      fc.property(texts, (text) => {
        const ours = outcome(() => parseJson(text, { depth: 64 }))
        const allowed =
          outcome(() => JSON.parse(text)) === 'refused' ? ['invalid_input'] : ['parsed', 'invalid_input']
        expect(allowed).toContain(ours)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['', 1, 1],
    ['{"a":}', 1, 6],
    ['{\n  "a": 1,\n}', 3, 1],
    ['[1 2]', 1, 4],
    ['{"a" 1}', 1, 6],
    ['{"a": tru}', 1, 7],
    ['{"a": 01}', 1, 8],
    ['[1]]', 1, 4],
    ['{"a": "line\nbreak"}', 1, 12],
    ['{"a": "\\x"}', 1, 9],
    ['{"a": "open', 1, 12],
    ["{'a': 1}", 1, 2],
    ['NaN', 1, 1],
  ])('names the place in %j', (text, line, column) => {
    expect(faultOf(text)).toMatchObject({ kind: 'malformed_json', range: { line, column } })
  })

  it('refuses a key that comes twice, however it is written', () => {
    expect(faultOf('{"a": {"b": 1, "\\u0062": 2}}')).toMatchObject({
      kind: 'duplicate_key',
      path: ['a', 'b'],
    })
    const many = Array.from({ length: 20 }, (_, index) => `"k${index}": 0`).join(',')
    expect(faultOf(`[0, {${many}, "k13": 1}]`)).toMatchObject({ kind: 'duplicate_key', path: [1, 'k13'] })
    expect(parseJson('[{"a": 1}, {"a": 1}]', { depth: 4 })).toEqual([{ a: 1 }, { a: 1 }])
  })

  it('refuses nesting beyond the depth, 50,000 levels too', () => {
    expect(parseJson('[[1]]', { depth: 2 })).toEqual([[1]])
    expect(faultOf('[[[1]]]', 2)).toMatchObject({ kind: 'too_deep', path: [0, 0] })
    expect(faultOf('['.repeat(50_000) + ']'.repeat(50_000))?.kind).toBe('too_deep')
    expect(faultOf('{"a":'.repeat(50_000))?.kind).toBe('too_deep')
  })

  it.each([
    ['{"a": "\\u0000"}', 'nul_character'],
    ['{"a": ["\\ud800"]}', 'lone_surrogate'],
    ['{"\\udc00": 1}', 'lone_surrogate'],
    ['{"__proto__": 1}', 'forbidden_key'],
    ['{"a": [{"\\u005f_proto__": {}}]}', 'forbidden_key'],
    ['{"constructor": {"prototype": {}}}', 'forbidden_key'],
    ['{"a": 1e999}', 'number_too_large'],
  ])('refuses %s', (text, kind) => {
    expect(faultOf(text)).toMatchObject({ code: 'invalid_input', kind })
  })

  it('takes what only looks dangerous', () => {
    const text = '{"a": "__proto__", "b": "\\ud83d\\ude00 \\\\u0000", "c": "\\\\\\"", "": {"": 1}}'
    expect(parseJson(text, { depth: 4 })).toEqual(JSON.parse(text))
  })
})

describe('keys of one object', () => {
  const object = (count: number) =>
    `{${Array.from({ length: count }, (_, index) => `"k${index}": ${index}`).join(', ')}}`
  const faultWith = (text: string, keys: number) => {
    try {
      parseJson(text, { depth: 64, keys })
    } catch (error) {
      if (isAppError(error)) return error
      throw error
    }
    return undefined
  }

  it('are as many as the limit says, in each object', () => {
    expect(faultWith(`[${object(100)}, ${object(100)}]`, 100)).toBeUndefined()
    expect(faultWith(`{"a": {"b": [1, ${object(101)}]}}`, 100)).toMatchObject({
      code: 'too_large',
      details: [{ path: ['a', 'b', 1], code: 'too_many_keys', range: { line: 1 } }],
      extra: { limit: 'limits.json_keys' },
    })
  })
})

describe('values of one text', () => {
  it.each([
    ['lists in a list', `[${'[],'.repeat(99)}[]]`],
    ['numbers', `{"a": [${'1,'.repeat(99)}1]}`],
    ['objects', `[${'{"k": 1},'.repeat(50)}{}]`],
  ])('are as many as the limit says: %s', (_what, text) => {
    const refused = () => parseJson(text, { depth: 64, values: 100 })
    expect(() => parseJson(text, { depth: 64, values: 102 })).not.toThrow()
    expect(refused).toThrow(/more than 100 values in all \(limits.json_values\)/)
  })
})

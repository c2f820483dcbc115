import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Contract } from '../contract.ts'
import { type HttpRequest, RequestRecord } from '../door/message.ts'
import { renderPromptByQueryContract, renderPromptContract } from '../prompts/render-contract.ts'
import { queryParameters } from './address.ts'
import { readInput } from './input.ts'

function outcome<T>(read: () => T): T | 'refused' {
  try {
    return read()
  } catch {
    return 'refused'
  }
}

describe('queryParameters', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', 'b', '=', '&', '+', '%', '4', '1', 'E', '0', '?', '#'),
  })

  it('reads what URLSearchParams reads, for any text', () => {
    fc.assert(
      fc.property(texts, (search) => {
        const expected: Record<string, string | string[]> = {}
        for (const [name, value] of new URLSearchParams(`?${search}`))
          expected[name] = Object.hasOwn(expected, name) ? [expected[name] ?? '', value].flat() : value
        const shown = JSON.stringify(expected)
        fc.pre(!shown.includes('\\u0000'))
        // Bytes that are no UTF-8 are replaced there and refused here.
        const wanted = shown.includes('\uFFFD') ? 'refused' : expected
        expect(outcome(() => queryParameters(search))).toEqual(wanted)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['a=%ED%A0%80', '%ED%A0%BD=1', 'a=%C0%80', 'a=%FF', 'a=%F4%90%80%80', 'a=%E0%A4%A', 'a=%F0%9F%98'])(
    'refuses %s, which is no UTF-8',
    (search) => {
      expect(() => queryParameters(search)).toThrow(/UTF-8/)
    },
  )

  it('takes a "%" as it is where no escape begins, and U+FFFD that was meant', () => {
    expect(queryParameters('a=100%&b=%zz%41')).toEqual({ a: '100%', b: '%zzA' })
    expect(queryParameters('a=%EF%BF%BD')).toEqual({ a: '\uFFFD' })
  })

  it.each(['__proto__=1', '%5F_proto__=1', 'constructor=1', 'a=%00', 'a%00=1'])('refuses %s', (search) => {
    expect(() => queryParameters(search)).toThrow(/query parameter/)
  })
})

describe('the quick reading of a render', () => {
  const request = (parts: Partial<HttpRequest>): HttpRequest => ({
    id: 'r1',
    record: new RequestRecord(),
    method: 'GET',
    path: '/api/prompts/zero_shot/render',
    search: '',
    header: () => undefined,
    readBody: () => Promise.resolve(new Uint8Array()),
    ...parts,
  })
  const read = (contract: Contract, seen: HttpRequest, body = new Uint8Array()) => ({
    quick: outcome(() => plain(readInput(contract, seen, body))),
    slow: outcome(() => plain(readInput(contract, seen, body, () => undefined))),
  })
  /** What an operation sees: members that are undefined are not there. */
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  const paths = fc
    .constantFrom('zero_shot', 'new', '_x', 'a%41', 'a'.repeat(65), 'x/y', '')
    .map((name) => `/api/prompts/${name}/render`)

  it('by query is what the schemas read', () => {
    const names = fc.constantFrom('a', 'b', '_label', '_version', '_at', 'variables')
    const values = fc.constantFrom('1', 'x', 'production', 'latest', '')
    const queries = fc.array(fc.tuple(names, values)).map((pairs) => new URLSearchParams(pairs).toString())
    fc.assert(
      fc.property(paths, queries, (path, search) => {
        const { quick, slow } = read(renderPromptByQueryContract, request({ path, search }))
        expect(quick).toEqual(slow)
      }),
    )
  })

  it('of a body is what the schemas read', () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('production', 'latest', '12', 'Bad', 0, 1, 1.5, 2_147_483_648),
    )
    const keys = fc.constantFrom('variables', 'label', 'version', 'name', 'role')
    const bodies = fc.oneof(fc.jsonValue(), fc.dictionary(keys, values))
    fc.assert(
      fc.property(paths, bodies, (path, sent) => {
        const body = new TextEncoder().encode(JSON.stringify(sent))
        const { quick, slow } = read(renderPromptContract, request({ method: 'POST', path }), body)
        expect(quick).toEqual(slow)
      }),
      { numRuns: 500 },
    )
  })
})

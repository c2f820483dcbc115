import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { included, textContent } from '../template/testing.ts'
import { type ChecksumInput, versionChecksum } from './checksum.ts'

const base: ChecksumInput = {
  content: textContent('Hello {{ a }}'),
  variables: [{ name: 'a', type: 'string', required: true }],
  config: { model: 'm', temperature: 0.5 },
  includes: new Map(),
}

describe('versionChecksum', () => {
  it('is the SHA-256 of the documented form', () => {
    const form =
      '{"checksum_v":1,"config":{"model":"m","temperature":0.5},"includes":{},"kind":"text","refs":{},' +
      '"template_content":"Hello {{ a }}","variables":[{"name":"a","required":true,"type":"string"}]}'
    expect(versionChecksum(base)).toBe(createHash('sha256').update(form).digest('hex'))
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (config) => {
        const turned = Object.fromEntries(Object.entries(config).toReversed())
        expect(versionChecksum({ ...base, config: turned as never })).toBe(
          versionChecksum({ ...base, config: config as never }),
        )
      }),
    )
  })

  it('changes with whatever it covers', () => {
    const leaf = included('leaf', 'x')
    const tree = (text: string, version = 1) =>
      new Map([
        [
          'mid',
          included('mid', '{% render "leaf" %}', {
            includes: new Map([['leaf', { ...leaf, text, version }]]),
          }),
        ],
      ])
    const changed: ChecksumInput[] = [
      base,
      { ...base, content: textContent('Hello {{ a }}!') },
      { ...base, content: { kind: 'chat', messages: [{ role: 'user', content: 'Hello {{ a }}' }] } },
      { ...base, content: { kind: 'chat', messages: [{ role: 'system', content: 'Hello {{ a }}' }] } },
      { ...base, variables: [{ name: 'a', type: 'string', required: false }] },
      { ...base, config: null },
      { ...base, includes: new Map([['leaf', leaf]]) },
      { ...base, includes: new Map([['leaf@1', leaf]]) },
      { ...base, includes: tree('x') },
      { ...base, includes: tree('y') },
      { ...base, includes: tree('x', 2) },
    ]
    const sums = changed.map(versionChecksum)
    expect(new Set(sums).size).toBe(sums.length)
    expect(sums.every((sum) => /^[0-9a-f]{64}$/.test(sum))).toBe(true)
  })

  it('is the same whether a shared include is one object or several', () => {
    const leaf = () => included('leaf', 'x')
    const mid = (name: string, inner: ReturnType<typeof leaf>) =>
      included(name, '{% render "leaf" %}', { includes: new Map([['leaf', inner]]) })
    const shared = leaf()
    const one = new Map([
      ['a', mid('a', shared)],
      ['b', mid('b', shared)],
    ])
    const two = new Map([
      ['b', mid('b', leaf())],
      ['a', mid('a', leaf())],
    ])
    expect(versionChecksum({ ...base, includes: one })).toBe(versionChecksum({ ...base, includes: two }))
  })
})

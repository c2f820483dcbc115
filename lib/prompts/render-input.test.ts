import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quickRenderInput } from './render-input.ts'
import { RenderInput } from './render-schema.ts'

describe('quickRenderInput', () => {
  it.each([
    {},
    { variables: {} },
    { variables: { a: 1, b: [{ c: null }] }, label: 'production' },
    { label: 'latest' },
    { version: 3 },
  ])('knows %j', (value) => {
    expect(quickRenderInput(value)).toEqual(value)
  })

  it('never takes what the schema refuses, nor reads it otherwise', () => {
    const field = fc.oneof(
      fc.constantFrom('production', 'latest', 'Latest', '3', '', 'a b', 'x'.repeat(65)),
      fc.constantFrom(0, 1, 1.5, -1, 2_147_483_647, 2_147_483_648, null, true, [], {}, ['production']),
    )
    const value = fc.oneof(
      fc.record(
        {
          variables: fc.oneof(field, fc.dictionary(fc.string(), fc.jsonValue())),
          label: field,
          version: field,
          more: field,
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    )
    // As a body arrives; the strict reader of JSON has refused the key __proto__ before.
    const arrived = value.map((sent) => JSON.stringify(sent)).filter((text) => !text.includes('__proto__'))
    const agrees = fc.property(arrived, (text) => {
      const given: unknown = JSON.parse(text)
      const quick = quickRenderInput(given)
      return quick === undefined || isDeepStrictEqual(RenderInput.parse(given), quick)
    })
    expect(fc.check(agrees)).toMatchObject({ failed: false })
  })
})

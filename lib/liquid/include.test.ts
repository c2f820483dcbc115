import { describe, expect, it } from 'vitest'
import { errorOf, included, renderText } from '../prompts/template/testing.ts'
import type { IncludedPrompt } from './types.ts'
import type { Variable } from './variable.ts'

const P: Variable[] = [
  { name: 'p', type: 'string', required: true },
  { name: 'q', type: 'string', required: false, default: 'Q' },
  { name: 'r', type: 'string', required: false },
]

describe('render tag', () => {
  it('passes arguments and nothing else', () => {
    const other = included('other', '[{{ p }}{{ q }}{{ r }}]', { variables: P })
    const includes = new Map([['other', other]])
    expect(renderText('{{ r }}{% render "other", p: x %}', { r: 'R', x: 'X' }, { includes })).toBe('R[XQ]')
    expect(renderText('{% assign p = "1" %}{% render "other", p: p, r: "3" %}', {}, { includes })).toBe(
      '[1Q3]',
    )
    expect(renderText('{% render "other" with x as p %}', { x: 'X' }, { includes })).toBe('[XQ]')
    expect(renderText('{% render "other" for x as p %}', { x: ['1', '2'] }, { includes })).toBe('[1Q][2Q]')
  })

  it('keeps what an included text assigns to itself', () => {
    const includes = new Map([['o', included('o', '{% assign x = "in" %}{{ x }}')]])
    expect(renderText('{% assign x = "out" %}{{ x }}{% render "o" %}{{ x }}', {}, { includes })).toBe(
      'outinout',
    )
  })

  it('says what a required variable of the included prompt lacks', () => {
    const includes = new Map([['other', included('other', '{{ p }}', { variables: P, version: 4 })]])
    const error = errorOf(() => renderText('{% render "other" %}', {}, { includes }))
    expect(error.details).toMatchObject([
      {
        code: 'missing_variable',
        message: 'In other@4: p is required and was not passed',
        range: { start: 0, end: 20 },
      },
    ])
  })

  it('resolves a reference by the pins of the text that holds it', () => {
    const old = included('leaf', 'old', { version: 1 })
    const now = included('leaf', 'new', { version: 2 })
    const middle = included('middle', '{% render "leaf" %}', { includes: new Map([['leaf', old]]) })
    const includes = new Map([
      ['middle', middle],
      ['leaf', now],
    ])
    expect(renderText('{% render "middle" %}/{% render "leaf" %}', {}, { includes })).toBe('old/new')
  })

  function chain(length: number): IncludedPrompt {
    const below = length > 1 ? chain(length - 1) : undefined
    return included(`level-${length}`, below ? `${length}{% render "next" %}` : `${length}`, {
      includes: below ? new Map([['next', below]]) : new Map(),
    })
  }

  it('case 7: goes five levels deep and no further', () => {
    expect(renderText('{% render "a" %}', {}, { includes: new Map([['a', chain(5)]]) })).toBe('54321')
    const error = errorOf(() => renderText('{% render "a" %}', {}, { includes: new Map([['a', chain(6)]]) }))
    expect([error.code, error.details[0]?.code]).toEqual(['too_large', 'include_depth'])
  })

  it('refuses a cycle', () => {
    const a = included('a', '{% render "b" %}', { includes: new Map() })
    const b = included('b', '{% render "a" %}', { includes: new Map([['a', { ...a }]]) })
    Object.assign(a, { includes: new Map([['b', b]]) })
    Object.assign(b, { includes: new Map([['a', a]]) })
    const error = errorOf(() => renderText('{% render "a" %}', {}, { includes: new Map([['a', a]]) }))
    expect([error.code, error.details[0]?.code]).toEqual(['unprocessable', 'include_cycle'])
  })

  it('names the included version when its text is broken or missing', () => {
    const broken = errorOf(() =>
      renderText('{% render "o" %}', {}, { includes: new Map([['o', included('o', '{{')]]) }),
    )
    expect(broken.details).toMatchObject([{ code: 'invalid_include', message: 'In o@1: {{ is not closed' }])
    const absent = errorOf(() => renderText('{% render "o" %}'))
    expect(absent.details).toMatchObject([{ code: 'unknown_include' }])
  })
})

import { describe, expect, it } from 'vitest'
import type { Variable } from '#lib/liquid/variable.ts'
import { threadMs } from '#lib/testing/time/processor-time.ts'
import { prepare, usesOf } from './template-engine.ts'

const none = new Map()
const text = (template_content: string) => ({ kind: 'text', template_content }) as const
const required = (name: string): Variable => ({ name, type: 'string', required: true })

describe('prepare', () => {
  it('renders braces, < and & as they are', () => {
    const render = prepare(text('{"a": {}} <b>&amp; {{ x }}</b>'), [required('x')], none)
    expect(render({ x: '{{ y }} <i> &' })).toMatchObject({
      state: 'rendered',
      content: '{"a": {}} <b>&amp; {{ y }} <i> &</b>',
    })
  })

  it('names what is missing and what is wrong', () => {
    const count: Variable = { name: 'count', type: 'integer', required: true }
    const outcome = prepare(text('{{ x }}{{ count }}'), [required('x'), count], none)({ count: '1.5' })
    expect(outcome).toMatchObject({ state: 'incomplete', missing: ['x'] })
    expect(outcome).toMatchObject({ wrong: [{ path: ['variables', 'count'] }] })
  })

  it('tells the place of a fault in the text', () => {
    const outcome = prepare(text('a\n{{ x | nope }}'), [required('x')], none)({})
    expect(outcome).toMatchObject({ state: 'invalid', problems: [{ range: { line: 2 } }] })
  })

  it('gives up early on what would hold up typing', () => {
    const loop = '{% for i in (1..3000) %}{% for j in (1..3000) %}{{ j }}{% endfor %}{% endfor %}'
    const render = () => expect(prepare(text(loop), [], none)({})).toEqual({ state: 'heavy' })
    expect(threadMs(render, 500)).toBeLessThan(500)
  })

  it('says that a prompt to include is not there', () => {
    expect(prepare(text('{% render "gone" %}'), [], none)({})).toMatchObject({
      state: 'invalid',
      problems: [{ code: 'unknown_include' }],
    })
  })
})

describe('usesOf', () => {
  it('finds what is used and not declared, and what is included', () => {
    const uses = usesOf(text('{{ x }}{{ y | default: "z" }}{% render "a@2", k: x %}'), [required('x')])
    expect(uses.undeclared).toEqual([{ name: 'y', type: 'string', required: false }])
    expect(uses.includes.map(({ ref }) => ref)).toEqual(['a@2'])
    expect(uses.isBroken).toBe(false)
    expect(usesOf(text('{{ x'), []).isBroken).toBe(true)
  })
})

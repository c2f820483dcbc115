import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../liquid/budget.ts'
import type { PromptSource } from '../template/types.ts'
import { compilePrompt } from '../template.ts'
import { createAdaptiveRenderer, type VersionRender } from './adaptive-render.ts'
import type { SafeRenderer } from './safe-render.ts'

/** Stands in for the workers and counts what comes to them. */
function workers() {
  const counted = { renders: 0 }
  const safe: SafeRenderer = {
    async render() {
      counted.renders += 1
      return { content: 'from a worker', messages: [], warnings: [] }
    },
    draft: () => Promise.reject(new Error('no draft comes here')),
    analyse: () => Promise.reject(new Error('not asked for')),
    check: () => Promise.reject(new Error('no check comes here')),
    compare: () => Promise.reject(new Error('no comparison comes here')),
    warm: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  return { safe, counted }
}

function version(text: string): VersionRender {
  const source: PromptSource = {
    content: { kind: 'text', template_content: text },
    variables: [{ name: 'n', type: 'integer', required: true }],
    includes: new Map(),
  }
  return { key: text, compiled: compilePrompt(source), source: () => source }
}

const LOOP = '{% for i in (1..n) %}{{ i }}{% endfor %}'

describe('the renderer of saved versions', () => {
  it('renders a quick version at once', () => {
    const { safe, counted } = workers()
    const renderer = createAdaptiveRenderer({ safe })
    expect(renderer.render(version(LOOP), { n: 3 })).toMatchObject({ content: '123' })
    expect(counted.renders).toBe(0)
  })

  it('hands a render that is too much work to a worker, and the version from then on', async () => {
    const { safe, counted } = workers()
    const renderer = createAdaptiveRenderer({ safe, inlineWork: 500 })
    expect(await renderer.render(version(LOOP), { n: 5000 })).toMatchObject({ content: 'from a worker' })
    expect(await renderer.render(version(LOOP), { n: 3 })).toMatchObject({ content: 'from a worker' })
    expect(counted.renders).toBe(2)
    expect(renderer.render(version('{{ n }}'), { n: 3 })).toMatchObject({ content: '3' })
  })

  it('remembers a version that made more text than the engine can hold', async () => {
    const { safe, counted } = workers()
    const renderer = createAdaptiveRenderer({
      safe,
      limits: { ...DEFAULT_LIMITS, work: Number.MAX_SAFE_INTEGER },
      inlineWork: Number.MAX_SAFE_INTEGER,
    })
    const text =
      '{% assign a = "ab" %}{% for i in (1..64) %}{% assign a = a | append: a %}{% endfor %}{{ a.size }}'
    const source = { ...version('{{ n }}'), key: 'bomb', compiled: version(text).compiled }
    expect(await renderer.render(source, { n: 1 })).toMatchObject({ content: 'from a worker' })
    expect(await renderer.render({ ...version('{{ n }}'), key: 'bomb' }, { n: 1 })).toMatchObject({
      content: 'from a worker',
    })
    expect(counted.renders).toBe(2)
  })

  it('throws what is wrong with the values itself', () => {
    const { safe, counted } = workers()
    const renderer = createAdaptiveRenderer({ safe })
    expect(() => renderer.render(version(LOOP), { n: 'many' })).toThrow('wrong: n')
    expect(counted.renders).toBe(0)
  })
})

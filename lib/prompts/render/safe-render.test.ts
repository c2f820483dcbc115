import { afterEach, describe, expect, it } from 'vitest'
import { isAppError } from '../../errors.ts'
import { DEFAULT_LIMITS } from '../../liquid/budget.ts'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from '../../liquid/hostile.ts'
import { longestTurnMs } from '../../testing/time/processor-time.ts'
import { compareVersions } from '../comparison/version-diff.ts'
import { included, textContent } from '../template/testing.ts'
import type { PromptSource } from '../template/types.ts'
import { checkPrompt } from '../template.ts'
import { createSafeRenderer, type SafeRenderer } from './safe-render.ts'

const root = process.cwd()
/** Nothing stops a render with these but the owner of the worker. */
const UNLIMITED = {
  ...DEFAULT_LIMITS,
  work: Number.MAX_SAFE_INTEGER,
  output: Number.MAX_SAFE_INTEGER,
  timeMs: 3_600_000,
}
const ENDLESS = '{% for i in (1..10000) %}{% for j in (1..10000) %}{{ i | times: j }}{% endfor %}{% endfor %}'

function draft(text: string): PromptSource {
  return { content: textContent(text), variables: [...HOSTILE_VARIABLES], includes: new Map() }
}

async function codesOf(render: Promise<unknown>): Promise<unknown[]> {
  const error: unknown = await render.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return isAppError(error) ? [error.code, error.details[0]?.code] : [error]
}

describe('createSafeRenderer', () => {
  const open: SafeRenderer[] = []
  const renderer = (options: Partial<Parameters<typeof createSafeRenderer>[0]> = {}) => {
    const made = createSafeRenderer({ root, timeoutMs: 10_000, workers: 1, ...options })
    open.push(made)
    return made
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((made) => made.close()))
  })

  it('renders as renderPrompt does, includes and all', async () => {
    const other = included('other', '<{{ p }}>', {
      variables: [{ name: 'p', type: 'string', required: true }],
    })
    const source = {
      ...draft('{{ text }} {% render "other", p: text %}'),
      includes: new Map([['other', other]]),
    }
    expect(await renderer().render(source, { text: 'hi' })).toEqual({
      content: 'hi <hi>',
      messages: [{ role: 'user', content: 'hi <hi>' }],
      warnings: [],
    })
  })

  it('passes errors on with their details', async () => {
    const safe = renderer()
    expect(await codesOf(safe.render(draft('{{ text'), {}))).toEqual(['unprocessable', 'open_output'])
    expect(await codesOf(safe.render(draft('{{ text }}'), { x: 1 }))).toEqual([
      'unprocessable',
      'unknown_variable',
    ])
    expect(await codesOf(safe.render(draft('{{ list }}'), { list: Array(20_000).fill(1) }))).toEqual([
      'too_large',
      'too_large',
    ])
    expect(await codesOf(safe.render(draft('{{ list }}'), { list: () => 1 }))).toEqual([
      'unprocessable',
      'invalid_variable',
    ])
  })

  it('case 7: kills a render that runs on, and goes on with the next', async () => {
    // Soon, so that it is the time that runs out and not the memory.
    const safe = renderer({ longMs: 250 })
    await safe.warm()
    // Reading these takes seconds and looks at no clock, so that only the kill is left. No caller can send
    // as much: a content is bounded before it comes here.
    const message = { role: 'user', content: '{{ text | plus: 1 }}'.repeat(4_500) } as const
    const messages = Array.from({ length: 150 }, () => message)
    const source: PromptSource = { ...draft(''), content: { kind: 'chat', messages } }
    expect(await codesOf(safe.render(source, { text: 'x' }))).toEqual(['unprocessable', 'time_limit'])
    expect((await safe.render(draft('{{ text }}'), { text: 'next' })).content).toBe('next')
  })

  it('counts the time that a worker works, not the time that it waits for its turn', async () => {
    const safe = renderer({ workers: 1, limits: UNLIMITED, timeoutMs: 400 })
    await safe.warm()
    // The worker answers late because its owner does: only the clock ran meanwhile.
    const render = safe.render(draft('{{ text }}'), { text: 'late' })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600)
    expect((await render).content).toBe('late')
  })

  it('case 7: the event loop is never held over 300 ms, and other renders are served', async () => {
    const limits = { ...DEFAULT_LIMITS, work: Number.MAX_SAFE_INTEGER }
    const safe = renderer({ workers: 2, timeoutMs: 150, limits })
    await safe.warm()
    const hostile = [
      'nested loops',
      'eight sorts',
      'sorts in a loop',
      'long conditions',
      'encoding in a loop',
      'deep members',
    ]
    let results: unknown[] = []
    const held = await longestTurnMs(async () => {
      results = await Promise.all([
        ...hostile.map((name) => codesOf(safe.render(draft(HOSTILE_TEXTS[name] ?? ''), HOSTILE_VALUES))),
        safe.render(draft('{{ text }}'), { text: 'served' }),
      ])
    })
    expect(results.at(-1)).toMatchObject({ content: 'served' })
    expect(held).toBeLessThan(300)
  })

  it('case 7: a large draft is analysed off the event loop', async () => {
    const safe = renderer({ timeoutMs: 10_000 })
    await safe.warm()
    const content = textContent('{{ a.b.c | upcase }}'.repeat(4_000))
    const draft = { content, variables: undefined, includes: undefined, maxVariables: 100 }
    let outcome: unknown
    const held = await longestTurnMs(async () => {
      outcome = await safe.draft(draft, { a: { b: { c: 'x' } } })
    })
    expect(held).toBeLessThan(300)
    expect(outcome).toMatchObject({
      kind: 'checked',
      variables: [{ name: 'a', type: 'object', required: true }],
      rendered: { content: 'X'.repeat(4_000) },
    })
  })

  it('asks for what a draft includes before it is checked', async () => {
    const safe = renderer()
    const content = textContent('{% render "other" %}')
    const draft = { content, variables: [], includes: undefined, maxVariables: 100 }
    expect(await safe.draft(draft, {})).toMatchObject({ kind: 'unpinned', includes: [{ ref: 'other' }] })
    const includes = new Map([['other', included('other', 'hello')]])
    expect(await safe.draft({ ...draft, includes }, {})).toMatchObject({
      kind: 'checked',
      problems: [],
      rendered: { content: 'hello' },
    })
  })

  it('looks no further at a draft with too many variables', async () => {
    const content = textContent('{{ a }}{{ b }}{{ c }}{{ d }}')
    const draft = { content, variables: undefined, includes: undefined, maxVariables: 2 }
    const outcome = await renderer().draft(draft, {})
    expect(outcome).toMatchObject({ kind: 'checked', rendered: undefined })
    expect(outcome.kind === 'checked' && outcome.variables).toHaveLength(3)
  })

  it('tells callers to come back when too many wait', async () => {
    const safe = renderer({ queue: 2 })
    const renders = Array.from({ length: 5 }, (_, index) =>
      safe.render(draft('{{ text }}'), { text: String(index) }),
    )
    const results = await Promise.allSettled(renders)
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    const last = results.at(-1)
    expect(last?.status === 'rejected' && (last.reason as unknown)).toMatchObject({
      code: 'overloaded',
      retryAfter: 1,
      extra: { limit: 'limits.render_queue_per_caller' },
    })
  })

  it('serves whoever asks for little, while another asks for much', async () => {
    const safe = renderer({ queue: 8, queuePerCaller: 3, limits: UNLIMITED, timeoutMs: 250 })
    await safe.warm()
    const hostile = Array.from({ length: 40 }, () => codesOf(safe.render(draft(ENDLESS), {}, 'hostile')))
    const honest = await safe.render(draft('{{ text }}'), { text: 'served' }, 'honest')
    const ends = await Promise.all(hostile)
    expect(honest.content).toBe('served')
    expect(ends.filter(([code]) => code === 'overloaded')).toHaveLength(40 - 1 - 3)
  })

  it('checks heavy texts in a worker, as checkPrompt does', async () => {
    const content = {
      kind: 'chat' as const,
      messages: Array.from({ length: 4 }, () => ({
        role: 'user' as const,
        content: HOSTILE_TEXTS['many outputs'] ?? '',
      })),
    }
    const source = { content, variables: [...HOSTILE_VARIABLES], includes: new Map() }
    expect(await renderer({ longMs: 60_000 }).check(source)).toEqual(checkPrompt(source))
    // Only a worker can be given up.
    const impatient = renderer({ longMs: 1 })
    await impatient.warm()
    expect(await codesOf(impatient.check(source))).toEqual(['unprocessable', 'time_limit'])
  })

  it('compares long versions in a worker, and gives one up that takes too long', async () => {
    const lines = (step: number) =>
      Array.from({ length: 20_000 }, (_, index) => (index * step) % 97).join('\n')
    const version = (template_content: string) => ({
      title: null,
      description: null,
      content: { kind: 'text' as const, template_content },
      variables: [],
      config: {},
      publish: {},
    })
    const options = { rows: 50, size: Number.POSITIVE_INFINITY }
    const [before, after] = [version(lines(5)), version(lines(7))]
    const safe = renderer({ workers: 1 })
    expect(await safe.compare(before, after, options)).toEqual(compareVersions(before, after, options))
    const impatient = renderer({ longMs: 1 })
    await impatient.warm()
    expect(await codesOf(impatient.compare(before, after, options))).toEqual(['unprocessable', 'time_limit'])
    expect(await impatient.compare(version('a'), version('b'), options)).toMatchObject({ left_out: 0 })
  })

  it('says that it cannot start, and recovers nothing by waiting', async () => {
    const safe = renderer({ root: '/nowhere' })
    expect(await codesOf(safe.render(draft('x'), {}))).toEqual(['unavailable', undefined])
    expect(await codesOf(safe.render(draft('x'), {}))).toEqual(['unavailable', undefined])
  })

  it('tells what waits and runs when it is closed', async () => {
    const safe = renderer({ limits: UNLIMITED, timeoutMs: 10_000 })
    await safe.warm()
    const renders = [safe.render(draft(ENDLESS), {}), safe.render(draft('x'), {})].map(codesOf)
    await safe.close()
    expect(await Promise.all(renders)).toEqual([
      ['unavailable', undefined],
      ['unavailable', undefined],
    ])
    expect(await codesOf(safe.render(draft('x'), {}))).toEqual(['unavailable', undefined])
  })
})

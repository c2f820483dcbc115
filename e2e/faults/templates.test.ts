import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from '#lib/liquid/hostile.ts'
import { isFullRun } from '../extent.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { at, call, createPrompt, mcp, metric, release, stopCleanly } from './harness/api.ts'
import { HELD_AT_MOST_MS, longestHoldDuring } from './harness/event-loop.ts'
import { IN_ORDER, outcome, renderDraft } from './harness/renders.ts'
import { until } from './harness/until.ts'

/** Sorts of so many items come before the first look at the clock. */
const BIG_LIST = Array.from({ length: 9_900 }, (_, n) => ((n * 7_919) % 9_901).toString(36).repeat(6))

let app: RunningApp

beforeAll(async () => {
  app = await startApp()
  await createPrompt(app, 'harmless', 'Hello {{ who }}')
})
afterAll(async () => {
  await stopCleanly(app)
})

const heldBy = (attack: () => Promise<void>) => longestHoldDuring(app, attack)

const draft = (text: string, values: object, variables?: unknown) => renderDraft(app, text, values, variables)

/** The gate sends a third of them; `lib/prompts/template/limits` has each. */
const DRAFTS = Object.entries(HOSTILE_TEXTS).filter((_, index) => isFullRun || index % 3 === 0)

describe('case 7: template bombs', () => {
  it.each(DRAFTS)('as a draft: %s', async (_name, text) => {
    const held = await heldBy(async () => {
      expect(outcome(await draft(text, HOSTILE_VALUES, HOSTILE_VARIABLES))).toBeOneOf(IN_ORDER)
    })
    expect(held).toBeLessThan(HELD_AT_MOST_MS)
  })

  it('many drafts at once: each is refused or told to come back, the others do not wait', async () => {
    const text = HOSTILE_TEXTS['nested loops'] ?? ''
    const held = await heldBy(async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, () => draft(text, {}, [])))
      const toldToComeBack = answers.filter(({ headers }) => headers.get('retry-after') !== null)
      expect(new Set(toldToComeBack.map(({ status }) => status))).toEqual(new Set([503]))
      const rest = answers.filter((answer) => !toldToComeBack.includes(answer))
      for (const { body } of rest)
        expect(at(body, 'errors', 0, 'code')).toBeOneOf(['work_limit', 'time_limit'])
    })
    expect(held).toBeLessThan(HELD_AT_MOST_MS)
  })

  const saved = [
    ['nested loops', '{% for i in (1..10000) %}{% for j in (1..10000) %}{{ i }}{% endfor %}{% endfor %}'],
    ['eight sorts of a huge list', `{{ list ${'| sort_natural '.repeat(8)}| size }}`],
    ['sorts in a loop', '{% for i in (1..9000) %}{% assign s = list | sort %}{{ s.size }}{% endfor %}'],
    [
      'doubling text',
      '{% assign a = "ab" %}{% for i in (1..64) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
    ],
    ['a long range', '{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}'],
  ] as const
  it.each(saved)('as a saved prompt at every door: %s', async (title, text) => {
    const name = `bomb-${title.replaceAll(' ', '-')}`
    const takesList = text.includes('list')
    await createPrompt(app, name, text, { variables: takesList ? [HOSTILE_VARIABLES[1]] : [] })
    const variables = takesList ? { list: BIG_LIST } : {}
    const sent = takesList ? { list: JSON.stringify(BIG_LIST) } : {}
    const held = await heldBy(async () => {
      const rest = await call(app, 'POST', `/api/prompts/${name}/render`, { body: { variables } })
      const prompt = await mcp(app, 'prompts/get', { name, arguments: sent })
      const tool = await mcp(app, 'tools/call', {
        name: 'render_prompt',
        arguments: { template_name: name, variables },
      })
      const byRest = outcome(rest)
      expect(byRest).toBeOneOf(IN_ORDER)
      // Every door says the same.
      expect({
        prompt: at(prompt.body, 'error', 'code') === -32_602 ? 'refused' : 'rendered',
        tool: at(tool.body, 'result', 'isError') === true ? 'refused' : 'rendered',
      }).toEqual({ prompt: byRest, tool: byRest })
    })
    expect(held).toBeLessThan(HELD_AT_MOST_MS)
  })

  it('deep and wide includes', async () => {
    await createPrompt(app, 'wide-0', '{% for i in (1..50) %}{{ i }}{% endfor %}')
    for (let depth = 1; depth < 5; depth++)
      await createPrompt(
        app,
        `wide-${depth}`,
        `{% for i in (1..50) %}{% render "wide-${depth - 1}" %}{% endfor %}`,
      )
    const held = await heldBy(async () => {
      const rest = await call(app, 'GET', '/api/prompts/wide-4/render')
      expect(rest.status).toBe(422)
      expect(at(rest.body, 'errors', 0, 'code')).toBeOneOf(['work_limit', 'time_limit', 'output_limit'])
      const prompt = await mcp(app, 'prompts/get', { name: 'wide-4' })
      expect(at(prompt.body, 'error', 'code')).toBe(-32_602)
      expect(outcome(await draft('{% for i in (1..50) %}{% render "wide-4" %}{% endfor %}', {}))).toBe(
        'refused',
      )
    })
    expect(held).toBeLessThan(HELD_AT_MOST_MS)
  })

  it('includes that go too deep are refused when they are saved', async () => {
    await createPrompt(app, 'deep-0', 'x')
    const statuses: number[] = []
    for (let depth = 1; depth <= 7; depth++) {
      const body = { name: `deep-${depth}`, template_content: `{% render "deep-${depth - 1}" %}` }
      statuses.push((await call(app, 'POST', '/api/prompts', { body })).status)
    }
    // The one after the first refusal includes what does not exist.
    expect(statuses).toEqual([201, 201, 201, 201, 201, 413, 422])
  })

  it('a prompt cannot include itself, at once or by a detour', async () => {
    const self = await call(app, 'POST', '/api/prompts', {
      body: { name: 'snake', template_content: '{% render "snake" %}' },
    })
    expect(self.status).toBe(422)
    await createPrompt(app, 'head', 'first')
    await createPrompt(app, 'tail', '{% render "head" %}')
    await release(app, 'head', '{% render "tail" %}')
    // Pinned to the versions of then, a cycle cannot arise: tail goes on including the first head.
    expect(at((await call(app, 'GET', '/api/prompts/head/render')).body, 'content')).toBe('first')
  })

  it('memory stays bounded', async () => {
    const resident = async () => (await metric(app, 'process_resident_memory_bytes')) / 1_048_576
    const greedy = ['doubling text', 'doubling lists', 'lists of long texts', 'replacing in a loop']
    const all = () =>
      Promise.all(greedy.map((name) => draft(HOSTILE_TEXTS[name] ?? '', HOSTILE_VALUES, HOSTILE_VARIABLES)))
    await all()
    const before = await resident()
    for (let round = 0; round < 5; round++) await all()
    const after = await until('memory is given back', async () => {
      const now = await resident()
      return now < before + 200 && now
    })
    expect(after).toBeGreaterThan(0)
  })
})

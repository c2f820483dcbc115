import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from '#lib/prompts/template/hostile.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import {
  type Answer,
  at,
  call,
  createPrompt,
  mcp,
  metric,
  release,
  stopCleanly,
  textAt,
} from './harness/api.ts'
import { until } from './harness/until.ts'

/** What reliability.md promises. */
const HELD_AT_MOST_MS = 300
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

/** The longest time, in milliseconds, that the app's event loop was held since this was last asked. */
async function longestHold(): Promise<number> {
  return 1000 * (await metric(app, 'incipit_event_loop_delay_seconds{quantile="1"}'))
}

/** Renders something harmless again and again, as other clients would meanwhile. */
function otherClients(): { stop(): Promise<Answer[]> } {
  const answers: Answer[] = []
  const state = { isOver: false }
  const client = async () => {
    while (!state.isOver) answers.push(await call(app, 'GET', '/api/prompts/harmless/render?who=you'))
  }
  const running = client()
  // Told by stop(); until then the attack's own failure matters more.
  running.catch(() => undefined)
  return {
    async stop() {
      state.isOver = true
      await running
      return answers
    },
  }
}

/**
 * Does something hostile while others are served; milliseconds that the event loop was held at most. The
 * machine may hold the process itself, so only what happens every time counts.
 */
async function heldBy(attack: () => Promise<void>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 5 && shortest >= HELD_AT_MOST_MS; attempt++) {
    await longestHold()
    const others = otherClients()
    await attack()
    const answers = await others.stop()
    shortest = Math.min(shortest, await longestHold())
    const served = answers.filter(({ status }) => status === 200).length
    if (served === 0 || served < answers.length)
      throw new Error(`Of ${answers.length} other requests ${served} were served`)
  }
  return shortest
}

/** "rendered", or why not; anything but a reasoned refusal is told as it is. */
function outcome(answer: Answer): string {
  if (answer.status === 200) return 'rendered'
  const isRefusal = [400, 413, 422].includes(answer.status) && textAt(answer.body, 'detail') !== ''
  return isRefusal ? 'refused' : `${answer.status} ${JSON.stringify(answer.body)}`
}
const IN_ORDER = ['rendered', 'refused']

const draft = (template_content: string, values: Record<string, unknown>, variables?: unknown) =>
  call(app, 'POST', '/api/render', { body: { template_content, values, variables }, within: 60_000 })

describe('case 7: template bombs', () => {
  it.each(Object.entries(HOSTILE_TEXTS))('as a draft: %s', async (_name, text) => {
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
    expect(statuses).toEqual([201, 201, 201, 201, 201, 422, 422])
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

describe('case 8: a template reaches nothing but its values', () => {
  const PROBES = [
    '{{ x.constructor }}',
    '{{ x.constructor.constructor }}',
    '{{ x.__proto__ }}',
    '{{ x["__proto__"] }}',
    '{{ x.prototype }}',
    '{{ x.toString }}',
    '{{ x.hasOwnProperty }}',
    '{{ list.constructor }}',
    '{{ list.map }}',
    '{{ x | map: "constructor" }}',
    '{{ list | where: "constructor" }}',
    '{{ list | sort: "__proto__" | first | json }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ this }}',
    '{{ globalThis }}',
    '{{ process.env }}',
    '{{ x | constructor }}',
    '{{ x | eval }}',
  ]
  const values = { x: { y: 'z' }, list: ['a'] }
  const variables = [
    { name: 'x', type: 'object' },
    { name: 'list', type: 'array' },
  ]
  /** What would show if a function, a prototype or the environment came through. */
  const LEAK = /function|native code|\[object|=>|\/usr\/|PATH=/
  const contentOf = (answer: Answer) => JSON.stringify(at(answer.body, 'content') ?? null)

  it.each(PROBES)('%s', async (probe) => {
    const text = `<${probe}>`
    const asDraft = await draft(text, values, variables)
    expect(outcome(asDraft)).toBeOneOf(IN_ORDER)
    expect(contentOf(asDraft)).not.toMatch(LEAK)

    const name = `probe-${PROBES.indexOf(probe)}`
    const made = await call(app, 'POST', '/api/prompts', {
      body: { name, template_content: text, variables },
    })
    expect(made.status).toBeOneOf([201, 400, 422])
    // Where it was refused, these find nothing.
    const rest = await call(app, 'POST', `/api/prompts/${name}/render`, { body: { variables: values } })
    expect(rest.status).toBeOneOf(made.status === 201 ? [200, 422] : [404])
    const prompt = await mcp(app, 'prompts/get', {
      name,
      arguments: { x: JSON.stringify(values.x), list: JSON.stringify(values.list) },
    })
    expect(`${contentOf(rest)} ${JSON.stringify(at(prompt.body, 'result', 'messages'))}`).not.toMatch(LEAK)
  })

  const PLACES = [
    '../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'http://127.0.0.1/x',
    'https://example.org/x',
    '..',
    'package.json',
    'constructor@1',
    'a/b',
  ]
  const TAGS = ['render', 'include', 'layout', 'block']
  it.each(PLACES)('an include of %s', async (place) => {
    for (const tag of TAGS) {
      const text = `{% ${tag} "${place}" %}`
      const doors = await Promise.all([
        draft(text, {}),
        call(app, 'POST', '/api/prompts', { body: { name: 'reader', template_content: text } }),
        mcp(app, 'tools/call', {
          name: 'create_prompt_template',
          arguments: {
            name: 'reader',
            description: 'x',
            category: 'data',
            template_content: text,
            variables: [],
          },
        }),
      ])
      expect(doors.map(({ status }) => status)).toEqual([422, 422, 200])
      expect(at(doors[2].body, 'result', 'isError')).toBe(true)
      expect(JSON.stringify(doors.map(({ body }) => body))).not.toMatch(/root:x:|"dependencies"/)
    }
  })

  it('an include whose name is a value', async () => {
    const answer = await draft('{% render file %}', { file: '/etc/passwd' }, ['file'])
    expect(answer.status).toBe(422)
  })

  it.each(['constructor', 'prototype', '__proto__', 'forloop'])('a variable named %s', async (name) => {
    const answer = await draft('x', {}, [{ name, type: 'string' }])
    expect(answer.status).toBeOneOf([400, 422])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from '#lib/prompts/template/hostile.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type Answer, at, call, createPrompt, mcp } from './harness/api.ts'
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
  expect(await app.stop()).toBe(0)
})

/** The longest time that the app's event loop was held since this was last asked. */
async function longestHold(): Promise<number> {
  const { body } = await call(app, 'GET', '/metrics')
  const line = /^incipit_event_loop_delay_seconds\{quantile="1"\} (\S+)$/m.exec(String(body))
  if (line?.[1] === undefined) throw new Error('the metrics have no event loop delay')
  return Number(line[1]) * 1000
}

/** Renders something harmless again and again, as other clients would meanwhile. */
function otherClients(): { stop(): Promise<Answer[]> } {
  const answers: Answer[] = []
  let isOver = false
  const client = async () => {
    while (!isOver) answers.push(await call(app, 'GET', '/api/prompts/harmless/render?who=you'))
  }
  const running = client()
  // Told by stop(); until then the attack's own failure matters more.
  running.catch(() => undefined)
  return {
    async stop() {
      isOver = true
      await running
      return answers
    },
  }
}

/**
 * Does something hostile while others are served, and looks how long the event loop was held. The machine
 * may hold the process itself, so only what happens three times counts.
 */
async function expectNobodyHeld(attack: () => Promise<void>): Promise<void> {
  let shortest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 3 && shortest >= HELD_AT_MOST_MS; attempt++) {
    await longestHold()
    const others = otherClients()
    await attack()
    const answers = await others.stop()
    shortest = Math.min(shortest, await longestHold())
    expect(answers.length).toBeGreaterThan(0)
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  }
  expect(shortest).toBeLessThan(HELD_AT_MOST_MS)
}

/** Rendered within the limits, or refused with a reason; nothing else. */
function expectAnswered(answer: Answer): void {
  if (answer.status === 200) return
  expect(answer.status, JSON.stringify(answer.body)).toBeOneOf([400, 413, 422])
  expect(String(at(answer.body, 'detail'))).not.toBe('')
}

const draft = (template_content: string, values: Record<string, unknown>, variables?: unknown) =>
  call(app, 'POST', '/api/render', { body: { template_content, values, variables }, within: 60_000 })

describe('case 7: template bombs', () => {
  it.each(Object.entries(HOSTILE_TEXTS))('as a draft: %s', async (_name, text) => {
    await expectNobodyHeld(async () => expectAnswered(await draft(text, HOSTILE_VALUES, HOSTILE_VARIABLES)))
  })

  it('many drafts at once: each is answered or told to come back, the others do not wait', async () => {
    const text = String(HOSTILE_TEXTS['nested loops'])
    await expectNobodyHeld(async () => {
      const answers = await Promise.all(Array.from({ length: 60 }, () => draft(text, {}, [])))
      for (const answer of answers) {
        if (answer.status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
        else expect(at(answer.body, 'errors', 0, 'code')).toBeOneOf(['work_limit', 'time_limit'])
      }
    })
  })

  const saved = [
    ['nested loops', '{% for i in (1..10000) %}{% for j in (1..10000) %}{{ i }}{% endfor %}{% endfor %}'],
    ['eight sorts of a huge list', `{{ list ${'| sort_natural '.repeat(8)}| size }}`],
    ['sorts in a loop', '{% for i in (1..9000) %}{% assign s = list | sort %}{{ s.size }}{% endfor %}'],
    [
      'doubling text',
      '{% assign a = "ab" %}{% for i in (1..64) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
    ],
    ['a huge range', '{% for i in (1..999999999) %}x{% endfor %}'],
  ] as const
  it.each(saved)('as a saved prompt at every door: %s', async (title, text) => {
    const name = `bomb-${title.replaceAll(' ', '-')}`
    const made = await call(app, 'POST', '/api/prompts', {
      body: { name, template_content: text, variables: text.includes('list') ? [HOSTILE_VARIABLES[1]] : [] },
    })
    // Some are seen through when they are saved.
    if (made.status !== 201) return expectAnswered(made)
    const variables = text.includes('list') ? { list: BIG_LIST } : {}
    const sent = text.includes('list') ? { list: JSON.stringify(BIG_LIST) } : {}
    await expectNobodyHeld(async () => {
      const rest = await call(app, 'POST', `/api/prompts/${name}/render`, { body: { variables } })
      expectAnswered(rest)
      const prompt = await mcp(app, 'prompts/get', { name, arguments: sent })
      const tool = await mcp(app, 'tools/call', {
        name: 'render_prompt',
        arguments: { template_name: name, variables },
      })
      expect([prompt.status, tool.status]).toEqual([200, 200])
      if (rest.status === 200) return
      expect(at(prompt.body, 'error', 'code')).toBe(-32_602)
      expect(at(tool.body, 'result', 'isError')).toBe(true)
    })
  })

  it('deep and wide includes', async () => {
    await createPrompt(app, 'wide-0', '{% for i in (1..50) %}{{ i }}{% endfor %}')
    for (let depth = 1; depth < 5; depth++)
      await createPrompt(
        app,
        `wide-${depth}`,
        `{% for i in (1..50) %}{% render "wide-${depth - 1}" %}{% endfor %}`,
      )
    await expectNobodyHeld(async () => {
      const answer = await call(app, 'GET', '/api/prompts/wide-4/render')
      expect(answer.status).toBe(422)
      expect(at(answer.body, 'errors', 0, 'code')).toBeOneOf(['work_limit', 'time_limit', 'output_limit'])
      expect(at((await mcp(app, 'prompts/get', { name: 'wide-4' })).body, 'error', 'code')).toBe(-32_602)
      expectAnswered(await draft('{% for i in (1..50) %}{% render "wide-4" %}{% endfor %}', {}))
    })
    let name = 'wide-4'
    const statuses: number[] = []
    for (let depth = 5; depth < 8; depth++) {
      const deeper = `wide-${depth}`
      const body = { name: deeper, template_content: `{% render "${name}" %}` }
      statuses.push((await call(app, 'POST', '/api/prompts', { body })).status)
      name = deeper
    }
    expect(statuses).toContain(422)
    expect(statuses).not.toContain(500)
  })

  it('a prompt cannot include itself, at once or by a detour', async () => {
    const self = await call(app, 'POST', '/api/prompts', {
      body: { name: 'snake', template_content: '{% render "snake" %}' },
    })
    expect(self.status).toBe(422)
    await createPrompt(app, 'head', 'first')
    await createPrompt(app, 'tail', '{% render "head" %}')
    const current = await call(app, 'GET', '/api/prompts/head')
    const turned = await call(app, 'POST', '/api/prompts/head/versions', {
      body: { template_content: '{% render "tail" %}', labels: ['production'] },
      headers: { 'if-match': String(at(current.body, 'etag')) },
    })
    // Pinned to the versions of now, a cycle cannot arise: tail goes on including the first head.
    expect(turned.status).toBe(201)
    expect(at((await call(app, 'GET', '/api/prompts/head/render')).body, 'content')).toBe('first')
  })

  it('memory stays bounded', async () => {
    const residentMb = async () => {
      const { body } = await call(app, 'GET', '/metrics')
      return Number(/^process_resident_memory_bytes (\S+)$/m.exec(String(body))?.[1]) / 1_048_576
    }
    await draft(String(HOSTILE_TEXTS['doubling text']), HOSTILE_VALUES, HOSTILE_VARIABLES)
    const before = await residentMb()
    for (const name of ['doubling text', 'doubling lists', 'lists of long texts', 'replacing in a loop'])
      for (let n = 0; n < 5; n++) await draft(String(HOSTILE_TEXTS[name]), HOSTILE_VALUES, HOSTILE_VARIABLES)
    await until('memory is given back', async () => (await residentMb()) < before + 200)
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

  it.each(PROBES)('%s', async (probe) => {
    const asDraft = await draft(`<${probe}>`, values, variables)
    expectAnswered(asDraft)
    if (asDraft.status === 200) expect(at(asDraft.body, 'content')).not.toMatch(LEAK)
    const name = `probe-${PROBES.indexOf(probe)}`
    const made = await call(app, 'POST', '/api/prompts', {
      body: { name, template_content: `<${probe}>`, variables: [] },
    })
    if (made.status === 422) return
    const again = await call(app, 'POST', '/api/prompts', {
      body: { name: `${name}-declared`, template_content: `<${probe}>`, variables },
    })
    if (again.status === 422) return
    const rest = await call(app, 'POST', `/api/prompts/${name}-declared/render`, {
      body: { variables: values },
    })
    expectAnswered(rest)
    const prompt = await mcp(app, 'prompts/get', {
      name: `${name}-declared`,
      arguments: { x: JSON.stringify(values.x), list: JSON.stringify(values.list) },
    })
    expect(`${JSON.stringify(at(rest.body, 'content'))}${JSON.stringify(prompt.body)}`).not.toMatch(LEAK)
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
    'x\\u0000y',
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

  it('a variable whose name is a prototype’s', async () => {
    for (const name of ['constructor', 'prototype', '__proto__', 'forloop']) {
      const answer = await draft('x', {}, [{ name, type: 'string' }])
      expect(answer.status, name).toBeOneOf([400, 422])
    }
  })
})

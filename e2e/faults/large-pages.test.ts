import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isFullRun } from '../extent.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { at, call, createPrompt, stopCleanly, textAt } from './harness/api.ts'
import { HELD_AT_MOST_MS, longestHoldDuring } from './harness/event-loop.ts'
import { until } from './harness/until.ts'

/** What docs/reliability.md promises of a page, whatever it shows. */
const PAGE_BYTES = 1_000_000

let app: RunningApp

const letters = (count: number, step: number) =>
  Array.from({ length: count }, (_, index) => String.fromCharCode(97 + ((index * step) % 26))).join('\n')
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

/** Prompts that are hard to print, each by its two texts. */
const TEXTS: Record<string, [string, string]> = {
  'lines-1m': [letters(524_000, 5), letters(524_000, 7)],
  'lines-14k': [letters(14_000, 5), letters(14_000, 7).replaceAll('c', 'ccc')],
  entities: ['"<'.repeat(524_000), '&'.repeat(1_048_000)],
  'one-line': ['x'.repeat(1_048_000), 'x y '.repeat(262_000)],
  words: [`{{ a${' | append: a'.repeat(2_000)} }}`, `{{ a${' | append: "b"'.repeat(2_000)} }}`],
  'not-quite-long': ['a "b" {{ a }}\n'.repeat(600), 'a "b" <c> {{ a }}\n'.repeat(600)],
}

/** The gate reads those that are printed each in its own way. */
const isRead = (name: string) =>
  isFullRun || ['lines-1m', 'entities', 'not-quite-long', 'variables'].includes(name)

async function send(method: string, path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await call(app, method, path, { body, headers })
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body).slice(0, 500))
  return answer.body
}

/** Reads pages one after the other; each is whole and short. */
async function readPages(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { status, body } = await call(app, 'GET', path, { headers: { accept: 'text/html' } })
    expect([path, status]).toEqual([path, 200])
    expect([path, typeof body === 'string' && Buffer.byteLength(body) < PAGE_BYTES]).toEqual([path, true])
  }
}

const pagesOf = (name: string) => [
  `/prompts/${name}`,
  `/prompts/${name}?version=1`,
  `/prompts/${name}/versions`,
  `/prompts/${name}/versions?from=1&to=2`,
  `/prompts/${name}/versions?from=1&to=2&space=false&view=unified`,
  `/prompts/${name}/usage`,
  `/prompts/${name}/generations`,
  `/playground?prompt=${name}`,
  `/prompts/new?from=${name}`,
]

beforeAll(async () => {
  app = await startApp()
  await createPrompt(app, 'harmless', 'Hello {{ who }}')
  const long = { title: '<'.repeat(200), description: '<'.repeat(4_000), message: '<'.repeat(2_000) }
  const variables = (count: number) =>
    many(count, (index) => ({
      name: `v${index}`,
      type: 'string',
      required: false,
      description: '<'.repeat(1_000),
      default: '"'.repeat(1_000),
    }))
  for (const [name, [first, second]] of Object.entries(TEXTS)) {
    await send('POST', '/api/prompts', { name, template_content: first, ...long })
    const { headers } = await call(app, 'GET', `/api/prompts/${name}`)
    await send(
      'POST',
      `/api/prompts/${name}/versions`,
      { template_content: second, ...long },
      { 'if-match': headers.get('etag') ?? '' },
    )
  }
  await send('POST', '/api/prompts', {
    name: 'variables',
    template_content: 'x',
    variables: variables(100),
    ...long,
  })
  await send('POST', '/api/prompts', {
    name: 'chat',
    messages: many(100, (index) => ({
      role: index % 2 ? 'assistant' : 'user',
      content: '{{ a.b }}\n'.repeat(200),
    })),
    ...long,
  })
  for (const index of many(40, (each) => each)) {
    await send('POST', '/api/categories', {
      slug: `category-${index}`,
      name: '<'.repeat(100),
      description: '<'.repeat(2_000),
    })
    await send('POST', '/api/prompts', {
      name: `listed-${index}`,
      template_content: '{% render "not-quite-long", a: "b" %}',
      tags: many(50, (tag) => `tag ${index} ${tag} ${'x'.repeat(30)}`),
      ...long,
    })
  }
}, 120_000)
afterAll(() => stopCleanly(app))

describe('pages stay under 1 MB, and none holds the server', () => {
  it.each([...Object.keys(TEXTS), 'variables', 'chat'].filter(isRead))('of the prompt %s', async (name) => {
    const paths = pagesOf(name).filter((path) => name in TEXTS || !path.includes('from=1'))
    expect(await longestHoldDuring(app, () => readPages(paths))).toBeLessThan(HELD_AT_MOST_MS)
  })

  it('lists, categories and settings', async () => {
    const paths = [
      '/prompts',
      '/prompts?q=listed',
      '/generations',
      '/usage',
      '/categories',
      '/settings/ai',
      '/connect',
      '/playground',
    ]
    expect(await longestHoldDuring(app, () => readPages(paths))).toBeLessThan(HELD_AT_MOST_MS)
  })

  it('of a generation that was sent and answered much', async () => {
    const asked = await send('POST', '/api/generations', { prompt: 'entities', configuration: 'echo' })
    const id = textAt(asked, 'id')
    await until('it is answered', async () => {
      const { body } = await call(app, 'GET', `/api/generations/${id}`)
      return textAt(body, 'status') === 'succeeded'
    })
    const paths = [`/generations/${id}`, '/generations', `/playground?from=${id}&prompt=entities`]
    expect(await longestHoldDuring(app, () => readPages(paths))).toBeLessThan(HELD_AT_MOST_MS)
  })
})

describe('case 35: comparisons are bounded and leave the server free', () => {
  it.each(Object.keys(TEXTS).filter(isRead))('GET /diff of %s, six at once', async (name) => {
    const held = await longestHoldDuring(app, async () => {
      const answers = await Promise.all(
        many(6, () => call(app, 'GET', `/api/prompts/${name}/diff?from=1&to=2`)),
      )
      expect(answers.map(({ status }) => status)).toEqual(many(6, () => 200))
      const { body } = answers[0] ?? {}
      const fields = at(body, 'fields')
      const rows = JSON.stringify(fields).split('"old_line"').length - 1
      expect(rows).toBeLessThanOrEqual(5_000)
      expect(at(body, 'left_out')).toBeGreaterThanOrEqual(name === 'lines-1m' ? 900_000 : 0)
    })
    expect(held).toBeLessThan(HELD_AT_MOST_MS)
  })

  it('the page of a comparison that is cut says so and leads to the whole', async () => {
    const { body } = await call(app, 'GET', '/prompts/lines-1m/versions?from=1&to=2')
    expect(body).toMatch(/too long to be shown whole: [\d,.]+ lines are left out/)
    expect(body).toContain('href="/api/prompts/lines-1m/versions/2"')
  })
})

describe('case 35: bodies of very many members', () => {
  const members = Object.fromEntries(many(60_000, (index) => [`k${index}`, 1]))
  it.each([
    ['a draft with 60,000 values', '/api/render', { template_content: 'x', values: members }],
    ['a prompt with 60,000 unknown fields', '/api/prompts', { name: 'a', template_content: 'x', ...members }],
  ])('%s', async (_what, path, body) => {
    const held = await longestHoldDuring(app, async () => {
      const answer = await call(app, 'POST', path, { body })
      expect([answer.status, at(answer.body, 'limit')]).toEqual([413, 'limits.json_keys'])
      expect(JSON.stringify(answer.body).length).toBeLessThan(5_000)
    })
    expect(held).toBeLessThan(HELD_AT_MOST_MS)
  })

  it.each([
    [
      'a draft with 9,000 unknown values',
      '/api/render',
      {
        template_content: '{{ v }}',
        variables: ['v'],
        values: Object.fromEntries(Object.entries(members).slice(0, 9_000)),
      },
    ],
    [
      'a prompt with 9,000 unknown fields',
      '/api/prompts',
      { name: 'a', template_content: 'x', ...Object.fromEntries(Object.entries(members).slice(0, 9_000)) },
    ],
  ])('%s names the first of them', async (_what, path, body) => {
    const answer = await call(app, 'POST', path, { body })
    expect(answer.status).toBeOneOf([400, 422])
    expect(at(answer.body, 'errors', 'length') ?? JSON.stringify(answer.body).length).toBeLessThan(20_000)
  })
})

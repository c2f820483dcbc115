import { LangfuseClient } from '@langfuse/client'
import { Langfuse } from 'langfuse'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { rest } from './mcp-apps.ts'

/** Langfuse's own clients, pointed at the production build by their variables. */

let app: RunningApp
beforeAll(async () => {
  // The clients log what is refused to them.
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  app = await startApp()
  const create = (body: object) => rest(app, 'POST', '/api/prompts', body)
  await create({ name: 'signature', template_content: 'Yours, {{ who }}' })
  await create({
    name: 'letter',
    tags: ['mail'],
    config: { model: 'small', temperature: 0.2 },
    message: 'The first one',
    template_content: 'Dear {{ whom }}, {"json": "{{ text }}"} <&> {% render "signature", who: "us" %}',
  })
  await newVersion('letter', { template_content: 'Hi {{ whom }}!', labels: ['staging'] })
  await create({
    name: 'talk',
    messages: [
      { role: 'system', content: 'You are {{ who }}.' },
      { type: 'placeholder', name: 'history' },
      { role: 'user', content: 'Go on.' },
    ],
  })
  await create({ name: 'branching', template_content: 'a\n{% if b %}{{ b | upcase }}{% endif %}' })
  vi.stubEnv('LANGFUSE_BASE_URL', app.url)
  vi.stubEnv('LANGFUSE_BASEURL', app.url)
  vi.stubEnv('LANGFUSE_SECRET_KEY', 'inc_any')
  vi.stubEnv('LANGFUSE_PUBLIC_KEY', 'incipit')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await app.stop()
})

async function newVersion(name: string, body: object): Promise<void> {
  const read = await fetch(`${app.url}/api/prompts/${name}`)
  const made = await fetch(`${app.url}/api/prompts/${name}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'if-match': read.headers.get('etag') ?? '' },
    body: JSON.stringify(body),
  })
  expect(made.status).toBe(201)
}

const FAST = { maxRetries: 0, cacheTtlSeconds: 0 }
const LETTER = 'Dear Ada, {"json": "x & \'y\'"} <&> Yours, us'
const VALUES = { whom: 'Ada', text: "x & 'y'" }

interface Asked {
  label?: string
  version?: number
  fallback?: string
}

/** What both clients know of a prompt. */
interface Got {
  name: string
  version: number
  config: unknown
  labels: string[]
  tags: string[]
  isFallback: boolean
  compile(values: Record<string, string>): string
}

const CLIENTS: [string, (name: string, asked?: Asked) => Promise<Got>][] = [
  [
    'langfuse 3',
    (name, { version, ...asked } = {}) => new Langfuse().getPrompt(name, version, { ...FAST, ...asked }),
  ],
  [
    '@langfuse/client 5',
    (name, asked = {}) => new LangfuseClient().prompt.get(name, { ...FAST, type: 'text', ...asked }),
  ],
]

describe.each(CLIENTS)('%s', (_, get) => {
  it('gets what is in production, and fills it in', async () => {
    const prompt = await get('letter')
    expect(prompt).toMatchObject({
      name: 'letter',
      version: 1,
      config: { model: 'small', temperature: 0.2 },
      labels: ['production'],
      tags: ['mail'],
      isFallback: false,
    })
    expect(prompt.compile(VALUES)).toBe(LETTER)
  })

  it('gets a version by its label or its number', async () => {
    for (const asked of [{ label: 'staging' }, { label: 'latest' }, { version: 2 }]) {
      const prompt = await get('letter', asked)
      expect([prompt.version, prompt.compile(VALUES)]).toEqual([2, 'Hi Ada!'])
      expect(prompt.labels.toSorted()).toEqual(['latest', 'staging'])
    }
  })

  it('is told what cannot be said to it, and takes its fallback', async () => {
    await expect(get('branching')).rejects.toThrow(/./)
    const prompt = await get('branching', { fallback: 'else {{a}}' })
    expect([prompt.isFallback, prompt.compile({ a: 'b' })]).toEqual([true, 'else b'])
    await expect(get('nobody')).rejects.toThrow(/./)
  })
})

describe('chats', () => {
  it('come with placeholders', async () => {
    const history = [{ role: 'user', content: 'Hello' }]
    const old = await new Langfuse().getPrompt('talk', undefined, { ...FAST, type: 'chat' })
    const now = await new LangfuseClient().prompt.get('talk', { ...FAST, type: 'chat' })
    const expected = [
      { role: 'system', content: 'You are Ada.' },
      { role: 'user', content: 'Hello' },
      { role: 'user', content: 'Go on.' },
    ]
    expect(old.compile({ who: 'Ada' }, { history })).toMatchObject(expected)
    expect(now.compile({ who: 'Ada' }, { history })).toMatchObject(expected)
  })
})

describe('a cache', () => {
  it('answers without asking, and hears of a release when it asks again', async () => {
    await rest(app, 'POST', '/api/prompts', { name: 'cached', template_content: 'One.' })
    const client = new LangfuseClient()
    const text = async (cacheTtlSeconds: number) =>
      (await client.prompt.get('cached', { type: 'text', cacheTtlSeconds })).compile()
    expect(await text(600)).toBe('One.')
    await newVersion('cached', { template_content: 'Two.', labels: ['production'] })
    expect(await text(600)).toBe('One.')
    expect(await text(0)).toBe('Two.')
  })
})

describe('the interface itself', () => {
  const basic = { authorization: `Basic ${Buffer.from('pk:inc_any').toString('base64')}` }
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${app.url}/api/public/${path}`, { headers: { ...basic, ...headers } })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }

  it('refuses with the line and the remedy', async () => {
    const { status, body } = await ask('v2/prompts/branching')
    expect([status, body.code]).toEqual([422, 'unprocessable'])
    expect(body.message).toMatch(/line 2.*render/)
    expect(body.errors).toMatchObject([{ code: 'langfuse_tag', range: { line: 2 } }])
  })

  it('refuses two selectors, and tells of names with folders', async () => {
    expect((await ask('v2/prompts/letter?label=staging&version=1')).status).toBe(400)
    const wrong = await ask('v2/prompts/letter?label=a%20b')
    expect([wrong.status, typeof wrong.body.message]).toEqual([400, 'string'])
    const folder = await ask(`v2/prompts/${encodeURIComponent('Mail/My letter')}`)
    expect([folder.status, folder.body.message]).toEqual([404, expect.stringContaining('"mail_my_letter"')])
  })

  it('answers what was read already with 304', async () => {
    const { headers } = await ask('v2/prompts/letter')
    const again = await ask('v2/prompts/letter', { 'if-none-match': headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })

  it('lists pages by number, as its clients read them', async () => {
    const api = new LangfuseClient().api
    const page = await api.prompts.list({ limit: 2, page: 2 })
    expect(page.data).toHaveLength(2)
    expect(page.meta).toMatchObject({ page: 2, limit: 2 })
    expect(page.meta.totalPages).toBe(Math.ceil(page.meta.totalItems / 2))
    const { data } = await api.prompts.list({ tag: 'mail' })
    expect(data).toMatchObject([
      { name: 'letter', type: 'text', versions: [1, 2], labels: ['latest', 'production', 'staging'] },
    ])
    expect((await api.prompts.list({ label: 'staging' })).data.map(({ name }) => name)).toEqual(['letter'])
    expect((await api.prompts.list({ name: 'nobody' })).data).toEqual([])
  })

  it('says what is not here', async () => {
    expect(await ask('health')).toMatchObject({ status: 200, body: { status: 'OK' } })
    for (const path of ['traces', 'v2/datasets', 'projects']) {
      const { status, body } = await ask(path)
      expect([status, body.message]).toEqual([404, expect.stringContaining('read prompts here')])
    }
    const sent = await fetch(`${app.url}/api/public/ingestion`, {
      method: 'POST',
      headers: { ...basic, 'content-type': 'application/json' },
      body: '{"batch":[]}',
    })
    expect(sent.status).toBe(404)
  })
})

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Client, type OAuthClientProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../faults/harness/until.ts'
import { APPS_SECRET, type RunningApp, startApp } from '../start-app.ts'
import { type Balancer, startBalancer } from './nginx.ts'

/** A team on a server: two instances that listen on every address, behind nginx with TLS. */

const PASSWORD = 'a long sentence to sign in with'

let balancer: Balancer
let apps: RunningApp[]
let origin: string
/** Trusts the balancer's certificate. */
let ask: typeof fetch

beforeAll(async () => {
  balancer = await startBalancer()
  origin = `https://localhost:${balancer.port}`
  const dispatcher = new Agent({ connect: { ca: await readFile(balancer.certificate, 'utf8') } })
  // undici's own fetch differs from the global one in its types alone.
  ask = ((url: string | URL, init?: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch
  const env = { HOST: '0.0.0.0', INCIPIT_URL: origin, INCIPIT_SECRET: APPS_SECRET }
  const config = { security: { trusted_proxies: ['127.0.0.1'] } }
  const first = await startApp({ env, config, until: 'live' })
  const second = await startApp({ env, config, database: first.databaseUrl, until: 'live' })
  apps = [first, second]
  await balancer.serve(apps.map((app) => app.port))
})
afterAll(async () => {
  await balancer.stop()
  for (const app of apps.toReversed()) await app.stop()
})

interface Answer {
  status: number
  headers: Headers
  json: Record<string, unknown>
}

async function send(
  method: string,
  where: string,
  { cookie, body, headers = {} }: { cookie?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await ask(`${origin}${where}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...(cookie !== undefined || method === 'POST' ? { origin, 'sec-fetch-site': 'same-origin' } : {}),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    json: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : { text },
  }
}

function cookieOf({ headers }: Answer): string {
  const set = headers.get('set-cookie') ?? ''
  expect(set).toMatch(/^__Host-incipit=[^;]+;.*Secure/i)
  expect(set).toMatch(/HttpOnly/i)
  return set.split(';')[0] ?? ''
}

async function invite(owner: string, email: string, role: string): Promise<string> {
  const { json } = await send('POST', '/api/invitations', { cookie: owner, body: { email, role } })
  const token = new URL(String(json.url)).hash.slice(1)
  return cookieOf(
    await send('POST', '/api/auth/invitation/accept', {
      body: { token, name: email.split('@')[0], password: PASSWORD },
    }),
  )
}

/** A client that signs in the way programs do, with a person who allows it. */
function provider(cookie: string): OAuthClientProvider & { answer: URLSearchParams } {
  const kept: { client?: object; tokens?: object; verifier?: string } = {}
  const self = {
    answer: new URLSearchParams(),
    redirectUrl: 'http://127.0.0.1:45678/callback',
    clientMetadata: { client_name: 'A client', redirect_uris: ['http://127.0.0.1:45678/callback'] },
    clientInformation: () => kept.client,
    saveClientInformation: (client: object) => void (kept.client = client),
    tokens: () => kept.tokens,
    saveTokens: (tokens: object) => void (kept.tokens = tokens),
    saveCodeVerifier: (verifier: string) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier ?? '',
    async redirectToAuthorization(url: URL) {
      const first = await send('GET', url.pathname + url.search, { cookie, headers: NAVIGATION })
      const consent = new URL(first.headers.get('location') ?? '', origin)
      expect(consent.pathname).toBe('/consent')
      const me = await send('GET', '/api/me', { cookie })
      const { json } = await send('POST', '/api/clients/consent', {
        cookie,
        body: {
          query: consent.search.slice(1),
          person: (me.json.actor as { id: string }).id,
          scopes: ['prompts:read'],
        },
      })
      const back = new URL(String(json.location))
      self.answer = back.searchParams
    },
  }
  // The SDK's types name more members than it needs.
  return self as unknown as OAuthClientProvider & { answer: URLSearchParams }
}

const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' }

describe('a team on a server', () => {
  let owner: string

  it('is set up by the link that the last start has written; nothing else answers before', async () => {
    expect((await send('GET', '/health')).status).toBe(200)
    expect((await send('GET', '/api/prompts')).status).toBe(401)
    expect((await send('GET', '/prompts')).headers.get('location')).toMatch(/\/set-up$/)
    const link = await until('the link is there', () =>
      readFile(path.join(apps[1]?.dataDir ?? '', 'set-up-link'), 'utf8'),
    )
    expect(link).toContain(`${origin}/set-up#`)
    const token = new URL(link.trim()).hash.slice(1)
    const body = { token, name: 'Olga', email: 'olga@example.test', password: PASSWORD }
    const tries = await Promise.all(
      Array.from({ length: 4 }, () => send('POST', '/api/auth/set-up', { body })),
    )
    const won = tries.filter(({ status }) => status === 201)
    expect(won).toHaveLength(1)
    owner = cookieOf(won[0] as Answer)
    for (const app of apps) await app.ready()
    expect((await send('GET', '/prompts', { cookie: owner, headers: NAVIGATION })).status).toBe(200)
  })

  it('has two people who were invited, each with the rights of their role', async () => {
    const editor = await invite(owner, 'ed@example.test', 'editor')
    const viewer = await invite(owner, 'vi@example.test', 'viewer')
    const prompt = { name: 'shared', template_content: 'Hello {{ who }}' }
    const made = await send('POST', '/api/prompts', { cookie: editor, body: prompt })
    expect(made).toMatchObject({ status: 201, json: { labels: {} } })
    const etag = made.headers.get('etag') ?? ''
    const move = { body: { version: 1 }, headers: { 'if-match': etag } }
    const refused = await send('PUT', '/api/prompts/shared/labels/production', { cookie: editor, ...move })
    expect(refused.status).toBe(403)
    expect(JSON.stringify(refused.json)).toContain('Olga')
    const moved = await send('PUT', '/api/prompts/shared/labels/production', { cookie: owner, ...move })
    expect(moved.status).toBeLessThan(300)
    expect((await send('POST', '/api/prompts', { cookie: viewer, body: prompt })).status).toBe(403)
  })

  it('serves an agent by its key, and refuses the key on the other instance once it is revoked', async () => {
    const { json } = await send('POST', '/api/keys', {
      cookie: owner,
      body: { name: 'Agent', preset: 'agent' },
    })
    const headers = { authorization: `Bearer ${String(json.key)}` }
    for (const app of apps) {
      const response = await fetch(`${app.url}/api/prompts/shared/render?who=you`, {
        headers: { ...headers, host: `localhost:${balancer.port}` },
      })
      expect(await response.json()).toMatchObject({ content: 'Hello you' })
    }
    await send('DELETE', `/api/keys/${String(json.id)}`, { cookie: owner })
    const started = performance.now()
    for (const app of apps)
      await until('it is refused', async () => {
        const response = await fetch(`${app.url}/api/prompts/shared/render?who=you`, { headers })
        return response.status === 401
      })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('connects a real MCP client through OAuth, and cuts it off', async () => {
    const auth = provider(owner)
    const options = { authProvider: auth, fetch: ask }
    const transport = () => new StreamableHTTPClientTransport(new URL(`${origin}/api/mcp`), options)
    const first = transport()
    const client = new Client({ name: 'a-client', version: '1' })
    await expect(client.connect(first)).rejects.toThrow(/authoriz/i)
    await first.finishAuth(auth.answer)
    await client.connect(transport())
    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name)).toContain('shared')
    const got = await client.getPrompt({ name: 'shared', arguments: { who: 'you' } })
    expect(JSON.stringify(got)).toContain('Hello you')

    const { json } = await send('GET', '/api/clients', { cookie: owner })
    const [grant] = json.items as { id: string; name: string }[]
    expect(grant?.name).toBe('A client')
    expect((await send('DELETE', `/api/clients/${grant?.id}`, { cookie: owner })).status).toBe(204)
    await until('it is refused', async () => {
      try {
        await client.listPrompts()
        return false
      } catch {
        return true
      }
    })
    await client.close()
  })

  it('has it all on record: who, by which key or client, on whose behalf, from where', async () => {
    const { json } = await send('GET', '/api/audit?limit=200', { cookie: owner })
    const events = json.items as { action: string; address: string | null; actor: { display: string } }[]
    const actions = events.map(({ action }) => action)
    for (const action of [
      'member.create',
      'prompt.create',
      'label.set',
      'key.create',
      'key.revoke',
      'client.revoke',
    ])
      expect(actions).toContain(action)
    expect(events.find(({ action }) => action === 'prompt.create')).toMatchObject({
      actor: { display: 'ed' },
      address: '127.0.0.1',
    })
    const page = await send('GET', '/settings/audit', { cookie: owner, headers: NAVIGATION })
    expect(page.status).toBe(200)
    expect(String(page.json.text)).toContain('shared')
  })

  it('tells browsers to come by https alone, and guards every answer', async () => {
    for (const where of ['/health', '/sign-in', '/api/prompts', '/api/mcp', '/nowhere']) {
      const { headers } = await send('GET', where)
      expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { setCredentialResolver } from '../access/credentials.ts'
import { identify, MCP_TAKES } from '../access/identify.ts'
import { setRuntime } from '../runtime.ts'
import { ask, connect, type OAuthServerForTests, serveOAuth } from '../testing/accounts/oauth.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { documents } from './clients/document.ts'
import { expireClients } from './expire-clients.ts'
import { tokenResolver } from './identify-token.ts'
import { createClient } from './operations/create-client.ts'
import { deleteClient } from './operations/delete-client.ts'
import { giveConsent } from './operations/give-consent.ts'
import { listClients } from './operations/list-clients.ts'
import { lookAtConsent } from './operations/look-at-consent.ts'

const TOKEN = '/api/auth/oauth2/token'
const REGISTER = '/api/auth/oauth2/register'

let app: TestRuntime
let server: OAuthServerForTests
let person: Actor
let admin: Actor

beforeAll(async () => {
  app = await testRuntime({
    feed: true,
    limits: { unknown_per_second: 0, registrations_per_hour: 1_000_000 },
  })
  server = await serveOAuth(app)
})
afterAll(async () => {
  await server.close()
  await app.close()
})
beforeEach(async () => {
  person = await server.member()
  admin = await server.member('admin')
})

const as = (actor: Actor): Actor => ({ ...actor, request: testRequest() })
const configure = (security: Partial<TestRuntime['runtime']['config']['security']>) =>
  Object.assign(app.runtime.config.security, security)
const query = (sql: string, values: unknown[] = []) => app.runtime.database.primary.pool.query(sql, values)

const connected = async (clientId: string) => (await connect(server, person, clientId)).access

describe('a client with a document', () => {
  let served: Record<string, unknown>
  let reads: string[]
  const ID = 'https://vscode.example/oauth/client-metadata.json'
  const DOCUMENT = {
    client_id: ID,
    client_name: 'Visual Studio Code',
    client_uri: 'https://vscode.example/',
    redirect_uris: [
      'http://127.0.0.1/',
      'https://vscode.example/redirect',
      'http://127.0.0.1:51234/callback',
    ],
    token_endpoint_auth_method: 'none',
  }
  beforeEach(() => {
    served = DOCUMENT
    reads = []
    documents().kept.clear()
    documents().fetch = (url) => {
      reads.push(url)
      return Promise.resolve({ text: JSON.stringify(served), cacheControl: 'max-age=600' })
    }
  })
  const look = (id: string, more: Record<string, string> = {}) => lookAtConsent(as(person), ask(id, more))

  it('is what its document says, and its host vouches for it', async () => {
    expect(await look(ID)).toMatchObject({
      client: { name: 'Visual Studio Code', origin: 'document', host: 'vscode.example' },
      redirect: { isLoopback: true },
    })
    expect(await look(ID, { redirect_uri: 'https://vscode.example/redirect' })).toMatchObject({
      redirect: { host: 'vscode.example', isLoopback: false },
    })
    await look(ID, { redirect_uri: 'http://127.0.0.1:33418/' })
    expect(reads).toEqual([ID])
  })

  it('is connected on two machines, each with a grant of its own and the same actor', async () => {
    const tokens = [await connected(ID), await connected(ID)]
    for (const token of tokens) expect((await server.call(token, 'prompts/list')).status).toBe(200)
    const { items } = await listClients(as(person), {})
    expect(items.map(({ client_id, origin }) => [client_id, origin])).toEqual([
      [ID, 'document'],
      [ID, 'document'],
    ])
    const [one] = items
    await deleteClient(as(person), { id: one?.id ?? '' })
    expect(
      (await Promise.all(tokens.map((token) => server.call(token, 'prompts/list')))).map(
        (each) => each.status,
      ),
    ).toEqual([200, 401])
  })

  it.each([
    ['another client_id', { ...DOCUMENT, client_id: 'https://vscode.example/other.json' }],
    ['a secret', { ...DOCUMENT, client_secret: 'x' }],
    ['no redirect address', { ...DOCUMENT, redirect_uris: [] }],
    ['a redirect address that is none', { ...DOCUMENT, redirect_uris: ['javascript:alert(1)'] }],
  ])('that has %s is refused', async (_, document) => {
    served = document
    await expect(look(ID)).rejects.toMatchObject({ code: 'unprocessable' })
  })

  it.each([
    'https://vscode.example',
    'https://vscode.example/',
    'https://vscode.example/a/../b.json',
    'https://vscode.example/a#b',
    'https://user@vscode.example/a.json',
    'https://VSCODE.example/a.json',
    'https:vscode.example/a.json',
    'http://vscode.example/a.json',
  ])('is not read from %s', async (id) => {
    await expect(look(id)).rejects.toMatchObject({ code: 'unprocessable' })
    expect(reads).toEqual([])
  })

  it('that cannot be read is asked for again after a while, and the reason stays here', async () => {
    documents().fetch = (url) => {
      reads.push(url)
      return Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:443'))
    }
    for (let n = 0; n < 3; n++) {
      const refused = look(ID)
      await expect(refused).rejects.toMatchObject({ code: 'unprocessable' })
      await expect(refused).rejects.not.toThrow(/10\.0\.0\.1/)
    }
    expect(reads).toEqual([ID])
  })

  it('is read as soon as there is room, when there was none', async () => {
    documents().reading = 16
    await expect(look(ID)).rejects.toMatchObject({ code: 'unprocessable' })
    documents().reading = 0
    expect(await look(ID)).toMatchObject({ client: { name: 'Visual Studio Code' } })
  })
})

describe('a client of the configuration', () => {
  it('need not register', async () => {
    configure({
      oauth_clients: [
        { client_id: 'team-tool', name: 'Team tool', redirect_uris: ['http://127.0.0.1:51234/callback'] },
      ],
    })
    expect((await server.call(await connected('team-tool'), 'prompts/list')).status).toBe(200)
    const { items } = await listClients(as(person), {})
    expect(items[0]).toMatchObject({
      client_id: 'team-tool',
      name: 'Team tool',
      origin: 'configured',
      redirect_hosts: ['127.0.0.1:51234'],
      person: { id: person.id, display: 'Ada' },
    })
    configure({ oauth_clients: [] })
  })
})

describe('a client that an admin makes', () => {
  const credentials = (id: string, secret: string, more: Record<string, string> = {}) =>
    server.send(TOKEN, new URLSearchParams({ grant_type: 'client_credentials', ...more }), {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    })

  it('as a service acts by itself, with the scopes that it was given', async () => {
    const made = await createClient(as(admin), { name: 'Report', kind: 'service', scopes: ['prompts:read'] })
    const { client_id: id, client_secret: secret = '' } = made
    const { status, body } = await credentials(id, secret, { resource: server.resource })
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('refresh_token')
    const token = String(body.access_token)
    expect((await server.call(token, 'prompts/list')).status).toBe(200)
    const write = { name: 'create_prompt_template', arguments: { name: 'x', template_content: '' } }
    expect((await server.call(token, 'tools/call', write)).status).toBe(403)
    const inForm = { client_id: id, client_secret: secret, grant_type: 'client_credentials' }
    expect((await server.send(TOKEN, new URLSearchParams(inForm))).status).toBe(200)
    const wrong = await credentials(id, `inccs_${'x'.repeat(43)}`)
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
    expect((await credentials(id, secret, { scope: 'prompts:write' })).body.error).toBe('invalid_scope')
    expect((await listClients(as(person), {})).items).toEqual([])
    expect((await listClients(as(admin), {})).items[0]).toMatchObject({ id, name: 'Report', person: null })
    await expect(deleteClient(as(person), { id })).rejects.toMatchObject({ code: 'not_found' })
    await deleteClient(as(admin), { id })
    expect((await server.call(token, 'prompts/list')).status).toBe(401)
    expect((await credentials(id, secret)).status).toBe(401)
  })

  it('for people to connect goes with all that they gave it', async () => {
    const redirect_uris = ['http://127.0.0.1:51234/callback']
    const input = {
      name: 'Tool',
      kind: 'public',
      redirect_uris,
      scopes: ['prompts:read', 'prompts:write'],
    } as const
    const { client_id: id } = await createClient(as(admin), {
      ...input,
      redirect_uris,
      scopes: [...input.scopes],
    })
    const token = await connected(id)
    expect((await server.call(token, 'prompts/list')).status).toBe(200)
    await deleteClient(as(admin), { id })
    expect((await server.call(token, 'prompts/list')).status).toBe(401)
    await expect(lookAtConsent(as(person), ask(id))).rejects.toMatchObject({ code: 'unprocessable' })
  })

  it('is given no more than it was made for', async () => {
    const redirect_uris = ['http://127.0.0.1:51234/callback']
    const input = { name: 'Tool', kind: 'public' as const, redirect_uris, scopes: ['prompts:read' as const] }
    const { client_id: id } = await createClient(as(admin), input)
    const { query: asked } = ask(id)
    const scopes = ['prompts:read' as const, 'prompts:write' as const]
    await expect(giveConsent(as(person), { query: asked, person: person.id, scopes })).rejects.toMatchObject({
      code: 'unprocessable',
    })
  })

  it('is refused to whoever is no admin, has not just signed in, or gives more than they may', async () => {
    const input = { name: 'X', kind: 'service' as const, scopes: ['prompts:read' as const] }
    await expect(createClient(as(person), input)).rejects.toMatchObject({ code: 'forbidden' })
    const stale = { ...admin, credential: { ...admin.credential, freshUntil: 0 } } as Actor
    await expect(createClient(as(stale), input)).rejects.toMatchObject({
      extra: { code_hint: 'fresh_sign_in_required' },
    })
    const key = { ...admin, credential: { kind: 'key', id: admin.id, personActorId: null } } as Actor
    await expect(createClient(as(key), input)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(listClients(as(key), {})).rejects.toMatchObject({ code: 'forbidden' })
    await expect(
      createClient(as(admin), { ...input, redirect_uris: ['http://127.0.0.1/'] }),
    ).rejects.toMatchObject({ code: 'unprocessable' })
    await expect(createClient(as(admin), { ...input, kind: 'public' })).rejects.toMatchObject({
      code: 'unprocessable',
    })
  })
})

describe('a client that is cut off', () => {
  it('case 18: is refused by every instance within two seconds', async () => {
    const token = await connected(await server.register())
    const other = app.secondInstance()
    const header = (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined)
    const there = async () => {
      setRuntime(other)
      try {
        return await identify({ header }, MCP_TAKES).catch(() => undefined)
      } finally {
        setRuntime(app.runtime)
      }
    }
    setRuntime(other)
    setCredentialResolver('token', tokenResolver)
    await other.feed.start()
    setRuntime(app.runtime)
    expect(await there()).toMatchObject({ kind: 'client' })
    const [one] = (await listClients(as(person), {})).items
    await deleteClient(as(person), { id: one?.id ?? '' })
    await vi.waitFor(async () => expect(await there()).toBeUndefined(), 2000)
    await other.close()
  })

  it('loses its open streams with the token that opened them', async () => {
    const token = await connected(await server.register())
    await query(`UPDATE oauth_token SET expires_at = now() + interval '1 second' WHERE kind = 'access'`)
    const stream = await fetch(`${server.url}/api/mcp`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    })
    expect(stream.status).toBe(200)
    await expect(stream.text()).resolves.toBeTypeOf('string')
  })

  it('case 41: loses its open streams within two seconds', async () => {
    const token = await connected(await server.register())
    const stream = await fetch(`${server.url}/api/mcp`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    })
    expect(stream.status).toBe(200)
    const [one] = (await listClients(as(person), {})).items
    const ended = stream.text()
    const before = performance.now()
    await deleteClient(as(person), { id: one?.id ?? '' })
    await ended
    expect(performance.now() - before).toBeLessThan(2000)
  })

  it('of somebody else is not there', async () => {
    await connected(await server.register())
    const [one] = (await listClients(as(person), {})).items
    const other = await server.member()
    await expect(deleteClient(as(other), { id: one?.id ?? '' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the upkeep', () => {
  it('deletes clients that were never connected, grants that nobody uses, and old tokens', async () => {
    const [unused, used] = [await server.register(), await server.register()]
    const token = await connected(used)
    const kept = await connected(await server.register())
    await query(
      `UPDATE oauth_registration SET created_at = now() - interval '25 hours' WHERE id = ANY ($1)`,
      [[unused, used]],
    )
    await query(`UPDATE oauth_grant SET expires_at = now() - interval '1 second' WHERE client_id = $1`, [
      used,
    ])
    expect(await expireClients()).toBe(false)
    const { rows } = await query('SELECT id FROM oauth_registration WHERE id = ANY ($1)', [[unused, used]])
    expect(rows).toEqual([{ id: used }])
    const { items } = await listClients(as(person), {})
    expect(items.map(({ client_id }) => client_id)).not.toContain(used)
    const left = await query(
      `SELECT kind FROM oauth_token t WHERE NOT EXISTS (SELECT FROM oauth_grant g WHERE g.id = t.grant_id)`,
    )
    expect(left.rows).toEqual([])
    expect((await server.call(kept, 'prompts/list')).status).toBe(200)
    expect(token).not.toBe(kept)
  })
})

describe('without accounts', () => {
  it('there is no OAuth, and what clients look for is answered shortly', async () => {
    const state = app.runtime.once('access.state', () => ({ hasAccounts: true }))
    state.hasAccounts = false
    const answer = await server.send('/.well-known/oauth-protected-resource/api/mcp')
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
    expect((await server.send(REGISTER, { redirect_uris: ['http://127.0.0.1/'] })).status).toBe(404)
    await expect(lookAtConsent(as(person), ask('x'))).rejects.toMatchObject({ code: 'unprocessable' })
    state.hasAccounts = true
  })

  it('nor under an address that others can read along', async () => {
    const { publicUrl } = app.runtime.config
    Object.assign(app.runtime.config, { publicUrl: 'http://prompts.example.org' })
    expect((await server.send('/.well-known/oauth-authorization-server')).status).toBe(404)
    Object.assign(app.runtime.config, { publicUrl })
  })
})

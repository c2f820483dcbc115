import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import {
  type Asking,
  answerOf,
  ask,
  CALLBACK,
  connect,
  exchange,
  type OAuthServerForTests,
  serveOAuth,
} from '../testing/accounts/oauth.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { giveConsent } from './operations/give-consent.ts'
import { listClients } from './operations/list-clients.ts'
import type { ClientScope } from './rules.ts'

const TOKEN = '/api/auth/oauth2/token'

let app: TestRuntime
let server: OAuthServerForTests
let person: Actor
let clientId: string

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
  clientId = await server.register()
})

const connected = (asking?: Asking, scopes?: ClientScope[]) =>
  connect(server, person, clientId, { ...(asking && { asking }), ...(scopes && { scopes }) })

const isGood = async (token: string) => (await server.call(token, 'prompts/list')).status === 200
const grants = async () => (await listClients({ ...person, request: testRequest() }, {})).items

describe('the metadata', () => {
  it('of the resource names exactly the endpoint of MCP, and the server that gives tokens', async () => {
    const paths = ['', '/api/mcp'].map((path) => `/.well-known/oauth-protected-resource${path}`)
    for (const path of paths) {
      const { status, body, headers } = await server.send(path, undefined, { origin: 'https://tool.example' })
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*'])
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(body).toMatchObject({ resource: server.resource, authorization_servers: [server.url] })
    }
  })

  it('of the authorization server says what MCP asks for', async () => {
    for (const path of ['', '/api/mcp'])
      expect((await server.send(`/.well-known/oauth-authorization-server${path}`)).body).toMatchObject({
        issuer: server.url,
        code_challenge_methods_supported: ['S256'],
        client_id_metadata_document_supported: true,
        authorization_response_iss_parameter_supported: true,
        registration_endpoint: `${server.url}/api/auth/oauth2/register`,
      })
  })

  it('is pointed to by whoever is refused, before any body is read', async () => {
    const response = await fetch(`${server.url}/api/mcp`, { method: 'POST', body: '{' })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${server.url}/.well-known/oauth-protected-resource/api/mcp", scope="prompts:read"`,
    )
  })
})

describe('a client', () => {
  it('is led to the person, gets a code with iss and state, and acts for the person', async () => {
    const asking = ask(clientId, { resource: server.resource })
    const led = await server.send(`/api/auth/oauth2/authorize?${asking.query}`)
    expect([led.status, led.headers.get('location')]).toEqual([302, `/consent?${asking.query}`])
    const { location } = await giveConsent(person, {
      query: asking.query,
      person: person.id,
      scopes: ['prompts:read'],
    })
    expect(location.startsWith(`${CALLBACK}?`)).toBe(true)
    expect(answerOf(location)).toMatchObject({ iss: server.url, state: 'the state' })
    const { code = '' } = answerOf(location)
    const { body, headers } = await server.send(TOKEN, exchange(clientId, code, asking))
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'prompts:read' })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await isGood(String(body.access_token))).toBe(true)
  })

  it('makes changes by an actor of its own, on behalf of the person', async () => {
    const { access } = await connected()
    const args = { name: `made_${Date.now()}`, template_content: 'Hello' }
    const { body } = await server.call(access, 'tools/call', {
      name: 'create_prompt_template',
      arguments: args,
    })
    expect(body).toMatchObject({ result: { content: [{ type: 'text' }] } })
    const { items } = await listAudit(app.actor(), { action: 'prompt.create' })
    expect(items[0]?.actor).toMatchObject({ kind: 'client', display: 'Test client' })
    const { rows } = await app.runtime.database.primary.pool.query(
      `SELECT client_id, on_behalf_of FROM audit_event WHERE id = $1`,
      [items[0]?.id],
    )
    expect(rows[0]).toEqual({ client_id: clientId, on_behalf_of: person.id })
  })

  it('keeps its actor when it is connected anew, and its old grant ends', async () => {
    const first = await connected()
    const second = await connected()
    expect([await isGood(first.access), await isGood(second.access)]).toEqual([false, true])
    const { rows } = await app.runtime.database.primary.pool.query(
      'SELECT count(DISTINCT actor_id)::integer AS actors FROM oauth_actor WHERE client_id = $1',
      [clientId],
    )
    expect(rows[0]).toEqual({ actors: 1 })
  })

  it('is no good elsewhere than on MCP', async () => {
    const { access } = await connected()
    const call = (path: string) =>
      server.send(
        path,
        { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        { authorization: `Bearer ${access}` },
      )
    expect((await call('/mcp/tools/list')).status).toBe(200)
    const { identify, REST_TAKES } = await import('../access/identify.ts')
    const header = (name: string) => (name === 'authorization' ? `Bearer ${access}` : undefined)
    await expect(identify({ header }, REST_TAKES)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('what a client asks for', () => {
  const errorOf = async (parameters: Record<string, string | undefined>) => {
    const { query } = ask(clientId, parameters)
    const { status, headers, body } = await server.send(`/api/auth/oauth2/authorize?${query}`)
    const location = headers.get('location')
    return status === 302 ? answerOf(location ?? '') : body
  }

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ code_challenge: undefined }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ resource: 'https://elsewhere.example/api/mcp' }, 'invalid_target'],
    [{ scope: 'members:write settings:write' }, 'invalid_scope'],
    [{ request_uri: 'https://a.example/x' }, 'invalid_request'],
  ])('is refused at its own address: %j', async (parameters, error) => {
    expect(await errorOf(parameters)).toMatchObject({ error, state: 'the state', iss: server.url })
  })

  it.each([
    { client_id: 'nobody' },
    { redirect_uri: 'http://127.0.0.1:51234/other' },
    { redirect_uri: 'https://evil.example/callback' },
    { redirect_uri: undefined },
  ])('is refused here where nobody can be sent back: %j', async (parameters) => {
    const { query } = ask(clientId, parameters)
    const { status, headers } = await server.send(`/api/auth/oauth2/authorize?${query}`)
    expect([status === 400 || status === 401, headers.get('location')]).toEqual([true, null])
    const shown = await server.send(`/api/auth/oauth2/authorize?${query}`, undefined, { accept: 'text/html' })
    expect(shown.headers.get('location')).toBe(`/consent?${query}`)
    await expect(
      giveConsent(person, { query, person: person.id, scopes: ['prompts:read'] }),
    ).rejects.toMatchObject({ code: 'unprocessable' })
  })

  it('may have a query in its resource, and scopes that mean nothing here', async () => {
    const asking = ask(clientId, {
      resource: `${server.resource}?label=staging`,
      scope: 'openid offline_access prompts:read',
    })
    expect(await isGood((await connected(asking, ['prompts:read'])).access)).toBe(true)
  })
})

describe('a person', () => {
  const decide = (asking: Asking, scopes: ('prompts:read' | 'prompts:write')[], who = person.id) =>
    giveConsent({ ...person, request: testRequest() }, { query: asking.query, person: who, scopes })

  it('denies', async () => {
    expect(answerOf((await decide(ask(clientId), [])).location)).toMatchObject({
      error: 'access_denied',
      iss: server.url,
    })
    expect(await grants()).toEqual([])
  })

  it('gives no more than they may do', async () => {
    person = await server.member('viewer')
    await expect(decide(ask(clientId), ['prompts:read', 'prompts:write'])).rejects.toMatchObject({
      code: 'forbidden',
      extra: { required_scope: 'prompts:write' },
    })
  })

  it('can give more than was asked for', async () => {
    const asking = ask(clientId, { scope: 'prompts:read' })
    const { location } = await decide(asking, ['prompts:read', 'prompts:write'])
    const form = exchange(clientId, answerOf(location).code ?? '', asking)
    expect((await server.send(TOKEN, form)).body.scope).toBe('prompts:read prompts:write')
  })

  it('does not decide for somebody else who was signed in before', async () => {
    const other = await server.member()
    await expect(decide(ask(clientId), ['prompts:read'], other.id)).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

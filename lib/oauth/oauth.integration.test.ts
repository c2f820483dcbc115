import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { RIGHTS_KIND } from '../access/current-rights.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import { change } from '../db/change.ts'
import {
  type Asking,
  allow,
  answerOf,
  ask,
  CALLBACK,
  exchange,
  type OAuthServerForTests,
  serveOAuth,
} from '../testing/oauth.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { giveConsent } from './operations/give-consent.ts'
import { listClients } from './operations/list-clients.ts'

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

interface Tokens {
  access: string
  refresh: string
}

async function connect(
  asking: Asking = ask(clientId),
  scopes?: Parameters<typeof allow>[2],
): Promise<Tokens> {
  const code = await allow(person, asking, scopes)
  const { status, body } = await server.send(TOKEN, exchange(clientId, code, asking))
  expect(status).toBe(200)
  return { access: String(body.access_token), refresh: String(body.refresh_token) }
}

const refreshed = (token: string, more: Record<string, string> = {}) =>
  server.send(
    TOKEN,
    new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: token, ...more }),
  )

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
    const { access } = await connect()
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
    const first = await connect()
    const second = await connect()
    expect([await isGood(first.access), await isGood(second.access)]).toEqual([false, true])
    const { rows } = await app.runtime.database.primary.pool.query(
      'SELECT count(DISTINCT actor_id)::integer AS actors FROM oauth_actor WHERE client_id = $1',
      [clientId],
    )
    expect(rows[0]).toEqual({ actors: 1 })
  })

  it('is no good elsewhere than on MCP', async () => {
    const { access } = await connect()
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
    await connect(asking, ['prompts:read'])
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

  it('gives no more than was asked for', async () => {
    await expect(decide(ask(clientId, { scope: 'prompts:read' }), ['prompts:write'])).rejects.toMatchObject({
      code: 'unprocessable',
    })
  })

  it('does not decide for somebody else who was signed in before', async () => {
    const other = await server.member()
    await expect(decide(ask(clientId), ['prompts:read'], other.id)).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

describe('case 13: a token', () => {
  it('that is tampered with, made up, or no token is refused', async () => {
    const { access, refresh } = await connect()
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const claims = Buffer.from(JSON.stringify({ aud: server.resource, sub: person.id })).toString('base64url')
    const last = access.endsWith('A') ? 'B' : 'A'
    for (const token of [access.slice(0, -1) + last, `${access}x`, refresh, `${none}.${claims}.`, 'incat_'])
      expect((await server.call(token, 'prompts/list')).status).toBe(401)
  })

  it('that has expired is refused', async () => {
    const { access } = await connect()
    expect(await isGood(access)).toBe(true)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 901_000 })
    try {
      expect(await isGood(access)).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })

  it('for another server is refused', async () => {
    const { access } = await connect()
    await app.runtime.database.primary.pool.query(
      `UPDATE oauth_grant SET resource = 'https://other.example/api/mcp'`,
    )
    expect(await isGood(access)).toBe(false)
  })

  it('in the query is refused', async () => {
    const { access } = await connect()
    const message = { jsonrpc: '2.0', id: 1, method: 'prompts/list' }
    expect((await server.send(`/api/mcp?access_token=${access}`, message)).status).toBe(401)
  })
})

describe('case 14: a code', () => {
  it('that comes twice ends what it gave', async () => {
    const asking = ask(clientId)
    const code = await allow(person, asking)
    const first = await server.send(TOKEN, exchange(clientId, code, asking))
    const again = await server.send(TOKEN, exchange(clientId, code, asking))
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
    expect(await isGood(String(first.body.access_token))).toBe(false)
    expect((await refreshed(String(first.body.refresh_token))).status).toBe(400)
    expect(await grants()).toEqual([])
  })

  it('that comes twice at the same time gives tokens once, and these end', async () => {
    const asking = ask(clientId)
    const code = await allow(person, asking)
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.send(TOKEN, exchange(clientId, code, asking))),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400])
    const given = answers.find(({ status }) => status === 200)
    expect(await isGood(String(given?.body.access_token))).toBe(false)
  })

  it.each([{ code_verifier: 'a'.repeat(43) }, { redirect_uri: 'http://127.0.0.1:1/callback' }])(
    'with something wrong is burnt: %j',
    async (wrong) => {
      const asking = ask(clientId)
      const code = await allow(person, asking)
      const form = exchange(clientId, code, asking)
      for (const [name, value] of Object.entries(wrong)) form.set(name, value)
      expect((await server.send(TOKEN, form)).status).toBe(400)
      expect((await server.send(TOKEN, exchange(clientId, code, asking))).status).toBe(400)
      expect(await grants()).toEqual([])
    },
  )

  it('of another client is none of theirs', async () => {
    const asking = ask(clientId)
    const code = await allow(person, asking)
    const other = await server.register()
    expect((await server.send(TOKEN, exchange(other, code, asking))).status).toBe(400)
    expect((await server.send(TOKEN, exchange(clientId, code, asking))).status).toBe(200)
  })

  it('is for the resource that it was asked for', async () => {
    const asking = ask(clientId)
    const form = exchange(clientId, await allow(person, asking), asking)
    form.set('resource', 'https://elsewhere.example/')
    expect((await server.send(TOKEN, form)).body.error).toBe('invalid_target')
  })
})

describe('case 15: a refresh token', () => {
  it('that comes twice at once is taken twice', async () => {
    const { refresh } = await connect()
    const answers = await Promise.all([refreshed(refresh), refreshed(refresh)])
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(await isGood(String(body.access_token))).toBe(true)
      expect((await refreshed(String(body.refresh_token))).status).toBe(200)
    }
  })

  it('that comes again later ends everything', async () => {
    const { refresh } = await connect()
    const { body } = await refreshed(refresh)
    await app.runtime.database.primary.pool.query(
      `UPDATE oauth_token SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL AND kind = 'refresh'`,
    )
    expect((await refreshed(refresh)).body.error).toBe('invalid_grant')
    expect(await isGood(String(body.access_token))).toBe(false)
    expect((await refreshed(String(body.refresh_token))).status).toBe(400)
    const { items } = await listAudit(app.actor(), { action: 'client.revoke' })
    expect(items[0]?.after).toEqual({ reason: 'its refresh token came again after it was replaced' })
  })

  it('gives fewer scopes where fewer are asked for, and never more', async () => {
    const { refresh } = await connect()
    const { body } = await refreshed(refresh, { scope: 'prompts:read generations:run' })
    expect(body.scope).toBe('prompts:read')
    expect((await refreshed(String(body.refresh_token), { scope: 'generations:run' })).body.error).toBe(
      'invalid_scope',
    )
  })
})

describe('case 17: a token that may read', () => {
  it('is told what a change needs besides what it has', async () => {
    const { access } = await connect(ask(clientId), ['prompts:read'])
    const args = { name: 'never', template_content: 'x' }
    const { status, headers, body } = await server.call(access, 'tools/call', {
      name: 'create_prompt_template',
      arguments: args,
    })
    expect(status).toBe(403)
    expect(headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", resource_metadata="${server.url}/.well-known/oauth-protected-resource/api/mcp", scope="prompts:read prompts:write"`,
    )
    expect(body).toMatchObject({ error: { data: { required_scope: 'prompts:write' } } })
  })

  it('is not sent to ask for what its person may not do either', async () => {
    person = await server.member('viewer')
    const { access } = await connect(ask(clientId), ['prompts:read'])
    const { status, body } = await server.call(access, 'tools/call', {
      name: 'create_prompt_template',
      arguments: { name: 'never', template_content: 'x' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ result: { isError: true } })
  })
})

describe('case 18: what a person loses', () => {
  const tell = (id: string) =>
    change(app.actor(), async ({ record }) =>
      record({ action: 'member.update', target: { kind: RIGHTS_KIND, id, name: 'Ada' } }),
    )

  it('a client loses: a right, the account, the membership', async () => {
    const { pool } = app.runtime.database.primary
    const { access } = await connect()
    const write = { name: 'create_prompt_template', arguments: { name: 'x', template_content: '' } }
    await pool.query(`UPDATE member SET role = 'viewer' WHERE actor_id = $1`, [person.id])
    await tell(person.id)
    expect((await server.call(access, 'tools/call', write)).body).toMatchObject({ result: { isError: true } })
    await pool.query(`UPDATE member SET deactivated_at = now() WHERE actor_id = $1`, [person.id])
    await tell(person.id)
    expect(await isGood(access)).toBe(false)
    await pool.query(`UPDATE member SET deactivated_at = NULL WHERE actor_id = $1`, [person.id])
    await tell(person.id)
    expect(await isGood(access)).toBe(true)
    await pool.query(`DELETE FROM member WHERE actor_id = $1`, [person.id])
    await tell(person.id)
    expect(await isGood(access)).toBe(false)
  })

  it('a client that gives its token back has it no more', async () => {
    const { access, refresh } = await connect()
    const give = (token: string, client = clientId) =>
      server.send('/api/auth/oauth2/revoke', new URLSearchParams({ token, client_id: client }))
    expect((await give(access, await server.register())).status).toBe(200)
    expect(await isGood(access)).toBe(true)
    expect((await give(access)).status).toBe(200)
    expect(await isGood(access)).toBe(false)
    expect((await give(refresh)).status).toBe(200)
    expect((await refreshed(refresh)).status).toBe(400)
    expect(await grants()).toEqual([])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { RIGHTS_KIND } from '../access/current-rights.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import { change } from '../db/change.ts'
import { listMembers } from '../people/operations/list-members.ts'
import { removeMember } from '../people/operations/remove-member.ts'
import {
  type Asking,
  allow,
  ask,
  connect,
  exchange,
  type OAuthServerForTests,
  serveOAuth,
} from '../testing/accounts/oauth.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { expireClients } from './expire-clients.ts'
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

const refreshed = (token: string, more: Record<string, string> = {}) =>
  server.send(
    TOKEN,
    new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: token, ...more }),
  )

const isGood = async (token: string) => (await server.call(token, 'prompts/list')).status === 200
const grants = async () => (await listClients({ ...person, request: testRequest() }, {})).items

describe('case 13: a token', () => {
  it('that is tampered with, made up, or no token is refused', async () => {
    const { access, refresh } = await connected()
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const claims = Buffer.from(JSON.stringify({ aud: server.resource, sub: person.id })).toString('base64url')
    const last = access.endsWith('A') ? 'B' : 'A'
    for (const token of [access.slice(0, -1) + last, `${access}x`, refresh, `${none}.${claims}.`, 'incat_'])
      expect((await server.call(token, 'prompts/list')).status).toBe(401)
  })

  it('that has expired is refused', async () => {
    const { access } = await connected()
    expect(await isGood(access)).toBe(true)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 901_000 })
    try {
      expect(await isGood(access)).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })

  it('for another server is refused', async () => {
    const { access } = await connected()
    await app.runtime.database.primary.pool.query(
      `UPDATE oauth_grant SET resource = 'https://other.example/api/mcp'`,
    )
    expect(await isGood(access)).toBe(false)
  })

  it('in the query is refused', async () => {
    const { access } = await connected()
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

  it('that comes twice ends what it gave after its own minute as well', async () => {
    const asking = ask(clientId)
    const code = await allow(person, asking)
    const first = await server.send(TOKEN, exchange(clientId, code, asking))
    await app.runtime.database.primary.pool.query(
      `UPDATE oauth_token SET expires_at = now() - interval '2 hours' WHERE kind = 'code'`,
    )
    await expireClients()
    expect((await server.send(TOKEN, exchange(clientId, code, asking))).status).toBe(400)
    expect(await isGood(String(first.body.access_token))).toBe(false)
    expect(await grants()).toEqual([])
  })

  it('that comes twice at the same time gives tokens once, and these end', async () => {
    const asking = ask(clientId)
    const code = await allow(person, asking)
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.send(TOKEN, exchange(clientId, code, asking))),
    )
    expect(answers.map(({ status }) => status)).toContain(200)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(2)
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
    const { refresh } = await connected()
    const answers = await Promise.all([refreshed(refresh), refreshed(refresh)])
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(await isGood(String(body.access_token))).toBe(true)
      expect((await refreshed(String(body.refresh_token))).status).toBe(200)
    }
  })

  it('that comes again later ends everything', async () => {
    const { refresh } = await connected()
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
    const { refresh } = await connected()
    const { body } = await refreshed(refresh, { scope: 'prompts:read generations:run' })
    expect(body.scope).toBe('prompts:read')
    expect((await refreshed(String(body.refresh_token), { scope: 'generations:run' })).body.error).toBe(
      'invalid_scope',
    )
  })
})

describe('case 17: a token that may read', () => {
  it('is told what a change needs besides what it has', async () => {
    const { access } = await connected(ask(clientId), ['prompts:read'])
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
    const { access } = await connected(ask(clientId), ['prompts:read'])
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
    const { access } = await connected()
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

  it('a client loses what it has with the person who is removed, and no stream of it stays open', async () => {
    const { access, refresh } = await connected()
    const stream = await fetch(`${server.url}/api/mcp`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${access}` },
    })
    expect([stream.status, await isGood(access)]).toEqual([200, true])
    const owner = await server.member('owner')
    const { items } = await listMembers({ ...owner, request: testRequest() }, { limit: 200 })
    const { etag = '' } = items.find(({ id }) => id === person.id) ?? {}
    const before = performance.now()
    await removeMember({ ...owner, request: testRequest() }, { id: person.id, if_match: etag })
    await stream.text()
    expect(performance.now() - before).toBeLessThan(2000)
    expect([(await server.call(access, 'prompts/list')).status, (await refreshed(refresh)).status]).toEqual([
      401, 400,
    ])
    const { rows } = await app.runtime.database.primary.pool.query(
      'SELECT FROM oauth_grant WHERE person_actor_id = $1',
      [person.id],
    )
    expect(rows).toEqual([])
  })

  it('a client that gives its token back has it no more', async () => {
    const { access, refresh } = await connected()
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

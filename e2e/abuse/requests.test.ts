import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '#lib/keys/operations/create-key.ts'
import { asOwner, withClient } from '#lib/testing/database.ts'
import { makeOtherWorkspace, makePrompt } from '#lib/testing/factories.ts'
import { testRuntime } from '#lib/testing/runtime.ts'
import {
  type Accounts,
  expectJson,
  join,
  type MadeKey,
  makeKey,
  type Sender,
  sender,
  startAccounts,
  withKey,
} from '../access/accounts.ts'
import { APPS_SECRET } from '../start-app.ts'

/** Requests with credentials that want more than these give, against the production build. */

let accounts: Accounts
let viewer: Sender
beforeAll(async () => {
  accounts = await startAccounts()
  viewer = await join(accounts, { email: 'viewer@example.test', role: 'viewer' })
})
afterAll(() => accounts.stop())

const P = '/api/prompts'
const RPC = { jsonrpc: '2.0', id: 1, method: 'prompts/list', params: {} }
const MCP = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' }

/** Statistics without the names that callers of the workspace asked for in vain: those are their own words. */
const withoutAsked = (text: string) =>
  JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'asked' ? undefined : value)))

describe('case 9: two workspaces in one database', () => {
  it('know nothing of each other, over REST and over MCP, by name and by id', async () => {
    const url = accounts.app.databaseUrl ?? ''
    const database = { url, ownerUrl: asOwner(url), name: 'shared', drop: () => Promise.resolve() }
    const beside = await testRuntime({ database, secret: APPS_SECRET })
    let theirs: { id: string; name: string }
    let key: string
    try {
      const stranger = await makeOtherWorkspace()
      theirs = await makePrompt(stranger, { name: 'their_secret' })
      const made: MadeKey = await createKey(stranger, {
        name: 'theirs',
        kind: 'service',
        scopes: ['prompts:read'],
      })
      key = made.key
    } finally {
      await beside.close()
    }
    const foreign = withKey(accounts.app, key)
    expectJson(await accounts.owner.call('POST', P, { name: 'ours', template_content: 'x' }), 201)
    expectJson(await foreign.call('GET', `${P}/their_secret`), 200)
    for (const [of, name] of [
      [foreign, 'ours'],
      [accounts.owner, 'their_secret'],
      [accounts.owner, theirs.id],
    ] as const)
      for (const below of ['', '/render', '/versions', '/versions/1', '/labels', '/used-by'])
        expect((await of.call('GET', `${P}/${name}${below}`)).status).toBe(404)
    const listed = await foreign.call('POST', '/api/mcp', RPC, MCP)
    expect(listed.text).toContain('their_secret')
    expect(listed.text).not.toContain('"ours"')
    for (const path of [P, '/api/audit', '/api/keys', '/api/members', '/api/stats']) {
      const { text } = await accounts.owner.call('GET', path)
      expect(path === '/api/stats' ? withoutAsked(text) : text).not.toMatch(/their_secret|"theirs"/)
    }
  })
})

describe('case 10: members that nobody may set', () => {
  it.each([
    ['POST', '/api/keys', { name: 'a', preset: 'agent' }],
    ['POST', '/api/invitations', { email: 'new@example.test', role: 'viewer' }],
    ['PATCH', '/api/me', { name: 'Owner' }],
    ['POST', P, { name: 'mass', template_content: 'x' }],
  ])('%s %s refuses id, role and more', async (method, path, body) => {
    for (const member of ['id', 'created_by', 'workspace_id', 'person_id', 'hash', 'email_verified'])
      expect((await accounts.owner.call(method, path, { ...body, [member]: 'x' })).status).toBe(400)
  })

  it('lets nobody raise their own role', async () => {
    expect((await viewer.call('PATCH', '/api/me', { role: 'owner' })).status).toBe(400)
    const { actor } = expectJson<{ actor: { id: string } }>(await viewer.call('GET', '/api/me'), 200)
    const raised = await viewer.call(
      'PATCH',
      `/api/members/${actor.id}`,
      { role: 'owner' },
      { 'if-match': '"1"' },
    )
    expect(raised.status).toBe(403)
  })
})

describe('case 11: a page elsewhere uses the cookie of a session', () => {
  const cookie = () => ({ cookie: accounts.owner.headers.cookie ?? '' })
  const body = { name: 'planted', template_content: 'x' }

  it.each([
    ['no Origin', {}],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an opaque Origin', { origin: 'null' }],
    ['another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
  ])('to write, with %s: 403', async (_, headers) => {
    const answer = await sender(accounts.app, { ...cookie(), ...headers }).call('POST', P, body)
    expect(answer.status).toBe(403)
  })

  it('to write a form or plain text: 415, and nothing is planted', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await accounts.owner.call('POST', P, body, { 'content-type': type })
      expect(answer.status).toBe(415)
    }
    expect((await accounts.owner.call('GET', `${P}/planted`)).status).toBe(404)
  })

  it.each([P, `${P}/zero_shot/render`, '/api/audit', '/api/me', '/api/changes'])(
    'to read %s from a page elsewhere: 403',
    async (path) => {
      for (const site of ['cross-site', 'same-site']) {
        const answer = await sender(accounts.app, { ...cookie(), 'sec-fetch-site': site }).call('GET', path)
        expect(answer.status).toBe(403)
      }
    },
  )

  it('gives no page elsewhere leave to send credentials', async () => {
    const answer = await accounts.owner.call('GET', P, undefined, { origin: accounts.app.url })
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })
})

describe('case 12: a foreign Origin or Host', () => {
  it('is 403 over MCP, whatever key comes along', async () => {
    const { key } = await makeKey(accounts.owner, { preset: 'agent' })
    const agent = withKey(accounts.app, key)
    expect((await agent.call('POST', '/api/mcp', RPC, MCP)).status).toBe(200)
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { host: 'evil.example' }]
    for (const headers of foreign)
      expect((await agent.call('POST', '/api/mcp', RPC, { ...MCP, ...headers })).status).toBe(403)
  })
})

describe('case 17: a key that may read', () => {
  it('is 403 with the missing scope when it writes, and writes nothing', async () => {
    const reader = withKey(accounts.app, (await makeKey(accounts.owner, { scopes: ['prompts:read'] })).key)
    const answer = await reader.call('POST', P, { name: 'by_reader', template_content: 'x' })
    expect(answer).toMatchObject({
      status: 403,
      json: { code: 'forbidden', required_scope: 'prompts:write' },
    })
    expect(answer.headers['www-authenticate']).toMatch(/insufficient_scope.*prompts:write/)
    expect((await accounts.owner.call('GET', `${P}/by_reader`)).status).toBe(404)
    const called = await reader.call(
      'POST',
      '/api/mcp',
      {
        ...RPC,
        method: 'tools/call',
        params: { name: 'create_prompt_template', arguments: { name: 'by_tool', template_content: 'x' } },
      },
      MCP,
    )
    expect(called.text).toMatch(/prompts:write/)
    expect((await accounts.owner.call('GET', `${P}/by_tool`)).status).toBe(404)
  })

  it.each([
    ['POST', '/api/keys', { name: 'more', preset: 'full' }],
    ['POST', '/api/invitations', { email: 'friend@example.test', role: 'owner' }],
    ['PUT', '/api/label-rules/production', { protected: false }],
    ['GET', '/api/members', undefined],
  ])('even with all scopes it cannot %s %s', async (method, path, body) => {
    const { key } = await makeKey(accounts.owner, { preset: 'full' })
    const answer = await withKey(accounts.app, key).call(method, path, body, { 'if-match': '"1"' })
    expect(answer.status).toBe(403)
  })

  it('is never more than its person: a viewer makes a full key that reads', async () => {
    const { key } = await makeKey(viewer, { preset: 'full' })
    const answer = await withKey(accounts.app, key).call('POST', P, {
      name: 'by_viewer',
      template_content: 'x',
    })
    expect(answer.status).toBe(403)
  })
})

describe('case 43: a token that is forged or of another server', () => {
  it.each([
    'inc_',
    `inc_${'a'.repeat(43)}AAAAAA`,
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJvd25lciIsImF1ZCI6Imh0dHA6Ly9sb2NhbGhvc3QifQ.',
    'null',
  ])('%s is 401 at every door, and never falls back to the cookie', async (secret) => {
    const forged = withKey(accounts.app, secret)
    for (const path of [P, '/api/me', '/api/nothing', '/metrics'])
      expect((await forged.call('GET', path)).status).toBe(401)
    for (const path of ['/api/mcp', '/mcp/prompts/list'])
      expect((await forged.call('POST', path, RPC, MCP)).status).toBe(401)
    const { cookie = '' } = accounts.owner.headers
    expect((await forged.call('GET', P, undefined, { cookie })).status).toBe(400)
  })

  it('in the query is 401', async () => {
    const { key } = await makeKey(accounts.owner, { preset: 'agent' })
    for (const name of ['access_token', 'key', 'token'])
      expect((await sender(accounts.app).call('GET', `${P}?${name}=${key}`)).status).toBe(401)
  })
})

describe('security 19: a secret that is shown once', () => {
  it('is not kept for an Idempotency-Key', async () => {
    const ask = () =>
      accounts.owner.call(
        'POST',
        '/api/keys',
        { name: 'once', preset: 'agent' },
        { 'idempotency-key': 'again' },
      )
    const first = expectJson<MadeKey>(await ask(), 201)
    const second = expectJson<MadeKey>(await ask(), 201)
    expect(second.key).not.toBe(first.key)
    const rows = await withClient(accounts.app.databaseUrl ?? '', (client) =>
      client.query<{ answer: unknown }>('SELECT answer FROM idempotency_key'),
    )
    expect(JSON.stringify(rows.rows)).not.toContain('inc_')
  })
})

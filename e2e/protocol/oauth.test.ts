import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Accounts,
  expectJson,
  makeKey,
  type Sender,
  sender,
  startAccounts,
  withKey,
} from '../access/accounts.ts'
import { programOf, waitForCode } from '../access/oauth-clients.ts'
import { until } from '../faults/harness/until.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'

/** The production build as authorization server, by the very requests of clients; the person decides over REST. */

const BASE = '/api/auth/oauth2'
const CALLBACK = 'http://localhost:51234/callback'
const INSPECTOR = 'http://localhost:6274'

let accounts: Accounts
let second: RunningApp
let stranger: Sender
let personId: string
beforeAll(async () => {
  const config = { limits: { unknown_per_second: 0, registrations_per_hour: 1000 } }
  const port = await freePort()
  const env = { INCIPIT_URL: `http://127.0.0.1:${port}` }
  accounts = await startAccounts({ port, env, config })
  second = await startApp({ database: accounts.app.databaseUrl, env, config })
  stranger = sender(accounts.app)
  const { actor } = expectJson<{ actor: { id: string } }>(await accounts.owner.call('GET', '/api/me'), 200)
  personId = actor.id
})
afterAll(async () => {
  await second.stop()
  await accounts.stop()
})

interface Asking {
  clientId: string
  query: string
  verifier: string
}

/** Registers as Claude Code does, and asks. */
async function ask(scope = 'prompts:read'): Promise<Asking> {
  const registered = await stranger.call('POST', `${BASE}/register`, {
    client_name: 'Claude Code (incipit)',
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  })
  const { client_id: clientId } = expectJson<{ client_id: string }>(registered, 201)
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    redirect_uri: CALLBACK,
    state: randomBytes(32).toString('base64url'),
    scope,
    resource: `${accounts.app.url}/api/mcp`,
  })
  return { clientId, query: query.toString(), verifier }
}

/** The person allows scopes, or nothing. @returns what the browser takes to the client */
async function decide(query: string, scopes: string[]): Promise<URL> {
  const answer = await accounts.owner.call('POST', '/api/clients/consent', {
    query,
    person: personId,
    scopes,
  })
  return new URL(expectJson<{ location: string }>(answer, 200).location)
}

const form = (path: string, fields: Record<string, string>) =>
  fetch(`${accounts.app.url}${BASE}/${path}`, { method: 'POST', body: new URLSearchParams(fields) })

interface Tokens {
  access_token: string
  refresh_token: string
  scope: string
}

async function connect(
  scopes = ['prompts:read'],
): Promise<Tokens & { clientId: string; code: string; verifier: string }> {
  const { clientId, query, verifier } = await ask(scopes.join(' '))
  const code = (await decide(query, scopes)).searchParams.get('code') ?? ''
  const fields = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: CALLBACK }
  const answer = await form('token', {
    ...fields,
    client_id: clientId,
    resource: `${accounts.app.url}/api/mcp`,
  })
  expect(answer.status).toBe(200)
  const tokens: Tokens = await answer.json()
  return { ...tokens, clientId, code, verifier }
}

const LIST = { jsonrpc: '2.0', id: 1, method: 'prompts/list' }
const ACCEPT = { accept: 'application/json, text/event-stream' }
const statusOf = async (app: RunningApp, token: string, path = '/api/mcp') =>
  (await sender(app, { ...ACCEPT, authorization: `Bearer ${token}` }).call('POST', path, LIST)).status

describe('a client that knows the address alone', () => {
  it('finds its way as Claude Code does: refusal, resource, server, registration, consent, tokens, refresh', async () => {
    const refused = await stranger.call('POST', '/api/mcp', LIST, ACCEPT)
    expect(refused.status).toBe(401)
    const [, metadata = ''] =
      /resource_metadata="([^"]+)"/.exec(refused.headers['www-authenticate'] ?? '') ?? []
    const resource: Record<string, string[]> = await (await fetch(metadata)).json()
    expect(resource.resource).toBe(`${accounts.app.url}/api/mcp`)
    const [issuer = ''] = resource.authorization_servers ?? []
    const server: Record<string, string> = await (
      await fetch(`${issuer}/.well-known/oauth-authorization-server`)
    ).json()
    expect(server).toMatchObject({ issuer, token_endpoint: `${accounts.app.url}${BASE}/token` })
    const { clientId, refresh_token, access_token } = await connect()
    expect(await statusOf(accounts.app, access_token)).toBe(200)
    const again = await form('token', { grant_type: 'refresh_token', refresh_token, client_id: clientId })
    const renewed: Tokens = await again.json()
    expect(await statusOf(second, renewed.access_token)).toBe(200)
  })

  it('is sent from the authorization endpoint to the page of consent, and its person to sign in first', async () => {
    const { query } = await ask()
    const led = await stranger.call('GET', `${BASE}/authorize?${query}`)
    expect([led.status, led.headers.location]).toEqual([302, `/consent?${query}`])
    const page = await stranger.call('GET', `/consent?${query}`)
    expect([page.status, page.headers.location?.startsWith('/sign-in?next=%2Fconsent')]).toEqual([303, true])
  })

  it('gets nothing where nobody says yes', async () => {
    const { query } = await ask()
    expect((await decide(query, [])).searchParams.get('error')).toBe('access_denied')
  })

  it('with a key instead is as Codex sends it', async () => {
    const { key } = await makeKey(accounts.owner, { preset: 'agent' })
    expect((await withKey(accounts.app, key).call('POST', '/api/mcp', LIST, ACCEPT)).status).toBe(200)
  })
})

describe('a client in a browser', () => {
  it('may ask from any origin, without cookies', async () => {
    for (const path of ['token', 'register', 'revoke']) {
      const preflight = await fetch(`${accounts.app.url}${BASE}/${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: INSPECTOR,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,mcp-protocol-version',
        },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
      expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
        'mcp-protocol-version',
      )
      expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    }
    const answer = await form('token', { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'y' })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([400, '*'])
  })

  it('cannot decide for a person', async () => {
    const { query } = await ask()
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const body = { query, person: personId, scopes: ['prompts:read'] }
    const { cookie = '' } = accounts.owner.headers
    const sent = await stranger.call('POST', '/api/clients/consent', body, { ...foreign, cookie })
    expect(sent.status).toBe(403)
    const { access_token } = await connect()
    const byToken = await stranger.call('POST', '/api/clients/consent', body, {
      authorization: `Bearer ${access_token}`,
    })
    expect(byToken.status).toBe(401)
  })
})

describe('case 13: a token', () => {
  it('is taken by MCP alone, and never from an address', async () => {
    const { access_token: token } = await connect()
    expect(await statusOf(accounts.app, token, '/mcp/prompts/list')).toBe(200)
    const bearer = sender(accounts.app, { authorization: `Bearer ${token}` })
    expect((await bearer.call('GET', '/api/prompts')).status).toBe(401)
    expect((await bearer.call('GET', '/api/clients')).status).toBe(401)
    const inQuery = await stranger.call('POST', `/api/mcp?access_token=${token}`, LIST, ACCEPT)
    expect(inQuery.status).toBe(401)
  })

  it('that is forged is refused', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { aud: `${accounts.app.url}/api/mcp`, iss: accounts.app.url, sub: personId, exp: 4e9 }
    for (const token of [`${part({ alg: 'none' })}.${part(claims)}.`, `incat_${'A'.repeat(43)}`, 'x'])
      expect(await statusOf(accounts.app, token)).toBe(401)
  })
})

describe('case 14: a code that comes again, on whichever instance', () => {
  it('is 400, and what it gave is refused everywhere', async () => {
    const { access_token, refresh_token, code, clientId, verifier } = await connect()
    for (const app of [accounts.app, second]) expect(await statusOf(app, access_token)).toBe(200)
    const again = await fetch(`${second.url}${BASE}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        client_id: clientId,
        redirect_uri: CALLBACK,
      }),
    })
    expect([again.status, await again.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_grant' }),
    ])
    const started = performance.now()
    for (const app of [accounts.app, second])
      await until('it is refused', async () => (await statusOf(app, access_token)) === 401)
    expect(performance.now() - started).toBeLessThan(2000)
    const refreshed = await form('token', { grant_type: 'refresh_token', refresh_token, client_id: clientId })
    expect(refreshed.status).toBe(400)
  })
})

describe('case 15: two refreshes at once', () => {
  it('on two instances both succeed', async () => {
    const { refresh_token, clientId } = await connect()
    const fields = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id: clientId })
    const answers = await Promise.all(
      [accounts.app, second].map((app) => fetch(`${app.url}${BASE}/token`, { method: 'POST', body: fields })),
    )
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      const { access_token }: Tokens = await answer.json()
      expect(await statusOf(accounts.app, access_token)).toBe(200)
    }
  })
})

describe('case 17: a token for reading', () => {
  it('is told by 403 what a tool needs besides', async () => {
    const { access_token } = await connect()
    const params = { name: 'create_prompt_template', arguments: { name: 'x', template_content: 'x' } }
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const bearer = sender(accounts.app, { ...ACCEPT, authorization: `Bearer ${access_token}` })
    const refused = await bearer.call('POST', '/api/mcp', call)
    expect(refused.status).toBe(403)
    expect(refused.headers['www-authenticate']).toContain(
      'error="insufficient_scope", resource_metadata="http://127.0.0.1',
    )
    expect(refused.headers['www-authenticate']).toContain('scope="prompts:read prompts:write"')
  })
})

describe('the official suite', () => {
  it('finds an authorization server that does what it asks for', async () => {
    const program = programOf('@modelcontextprotocol/conformance', 'dist/index.js')
    const port = await freePort()
    const callback = `http://127.0.0.1:${port}/callback`
    const registered = await stranger.call('POST', `${BASE}/register`, { redirect_uris: [callback] })
    const { client_id: clientId } = expectJson<{ client_id: string }>(registered, 201)
    const resource = `${accounts.app.url}/api/mcp`
    const args = [
      '--url',
      accounts.app.url,
      '--client-id',
      clientId,
      '--resource',
      resource,
      '--port',
      `${port}`,
    ]
    const { output, code } = await runSuite([program, 'authorization', ...args], async (address) => {
      const { search } = new URL(address)
      await fetch(await decide(search.slice(1), ['prompts:read']))
    })
    expect(output).not.toMatch(/FAILURE|WARNING|✗/)
    expect(output).toMatch(/authorization-server-metadata/)
    expect(output).toMatch(/authorization-code-grant/)
    expect(code).toBe(0)
  })
})

/** Runs the suite; `allow` opens the address that it prints. */
function runSuite(
  args: readonly string[],
  allow: (address: string) => Promise<void>,
): Promise<{ output: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = execFile(process.execPath, args)
    const hear = (chunk: string) => {
      const had = ADDRESS.test(output)
      output += chunk
      const [address] = had ? [] : (ADDRESS.exec(output) ?? [])
      if (address !== undefined) allow(address.trim()).catch(reject)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('close', (code) => resolve({ output, code }))
  })
}

const ADDRESS = /http:\S+\/authorize\?\S+\s/

describe('a service', () => {
  it('gets tokens by its secret, and reads', async () => {
    const made = await accounts.owner.call('POST', '/api/clients', {
      name: 'Nightly report',
      kind: 'service',
      scopes: ['prompts:read'],
    })
    const { client_id, client_secret } = expectJson<Record<'client_id' | 'client_secret', string>>(made, 201)
    const answer = await form('token', { grant_type: 'client_credentials', client_id, client_secret })
    const { access_token }: Tokens = await answer.json()
    expect(await statusOf(second, access_token)).toBe(200)
    expect((await accounts.owner.call('DELETE', `/api/clients/${client_id}`)).status).toBe(204)
    await until('it is refused', async () => (await statusOf(second, access_token)) === 401, { within: 2000 })
  })
})

describe('a code', () => {
  it('reaches the program that waits for it', async () => {
    const callback = await waitForCode()
    const { query } = await ask()
    const asked = new URLSearchParams(query)
    asked.set('redirect_uri', callback.url.replace('127.0.0.1', 'localhost'))
    await fetch(await decide(asked.toString(), ['prompts:read']))
    expect(await callback.answer()).toMatchObject({ iss: accounts.app.url, state: asked.get('state') })
    callback.close()
  })
})

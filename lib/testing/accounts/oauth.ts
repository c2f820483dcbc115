import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type Actor, ALL_SCOPES, UNBOUND } from '../../access/actor.ts'
import { setCredentialResolver } from '../../access/credentials.ts'
import { type Role } from '../../access/rules.ts'
import { refreshAccessState } from '../../access/state.ts'
import { newId } from '../../id.ts'
import { mcpEarly } from '../../mcp/transport/node.ts'
import { tokenResolver } from '../../oauth/identify-token.ts'
import { giveConsent } from '../../oauth/operations/give-consent.ts'
import { oauthEarly } from '../../oauth/protocol.ts'
import type { ClientScope } from '../../oauth/rules.ts'
import { getRuntime } from '../../runtime.ts'
import { type TestRuntime, testRequest } from '../runtime.ts'

/** The interfaces of this process on a port of their own, with accounts. */
export interface OAuthServerForTests {
  readonly url: string
  readonly resource: string
  /** A member with a role, signed in just now. */
  member(role?: Role): Promise<Actor>
  /** Sends JSON or a form. */
  send(
    path: string,
    body?: Record<string, unknown> | URLSearchParams,
    headers?: Record<string, string>,
  ): Promise<Reply>
  /** Registers a client of this machine. @returns its id */
  register(metadata?: Record<string, unknown>): Promise<string>
  /** Calls a method of MCP with a token. */
  call(token: string, method: string, params?: Record<string, unknown>): Promise<Reply>
  close(): Promise<void>
}

export interface Reply {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

/** What a client keeps while it asks. */
export interface Asking {
  readonly query: string
  readonly verifier: string
}

export const CALLBACK = 'http://127.0.0.1:51234/callback'

/** Begins to ask as a client does. */
export function ask(clientId: string, parameters: Record<string, string | undefined> = {}): Asking {
  const verifier = randomBytes(32).toString('base64url')
  const all: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    scope: 'prompts:read prompts:write',
    state: 'the state',
    ...parameters,
  }
  const sent = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return { query: new URLSearchParams(sent).toString(), verifier }
}

/** What a browser takes to the client. */
export function answerOf(location: string): Record<string, string> {
  return Object.fromEntries(new URL(location).searchParams)
}

/** A person allows everything that a client asks for. @returns the code */
export async function allow(
  person: Actor,
  { query }: Asking,
  scopes: ClientScope[] = ['prompts:read', 'prompts:write'],
): Promise<string> {
  const { location } = await giveConsent(
    { ...person, request: testRequest() },
    { query, person: person.id, scopes },
  )
  const { code } = answerOf(location)
  if (code === undefined) throw new Error(`no code came: ${location}`)
  return code
}

/** The form that exchanges a code. */
export function exchange(clientId: string, code: string, { verifier }: Asking): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: verifier,
    redirect_uri: CALLBACK,
  })
}

export interface Tokens {
  access: string
  refresh: string
}

/** Connects a client to a person. */
export async function connect(
  server: OAuthServerForTests,
  person: Actor,
  clientId: string,
  { asking = ask(clientId), scopes }: { asking?: Asking; scopes?: ClientScope[] } = {},
): Promise<Tokens> {
  const code = await allow(person, asking, scopes)
  const { status, body } = await server.send('/api/auth/oauth2/token', exchange(clientId, code, asking))
  if (status !== 200) throw new Error(`no token came: ${JSON.stringify(body)}`)
  return { access: String(body.access_token), refresh: String(body.refresh_token) }
}

export async function serveOAuth(app: TestRuntime): Promise<OAuthServerForTests> {
  const server = createServer((request, response) => {
    if (!mcpEarly(request, response) && !oauthEarly(request, response)) response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}`
  Object.assign(app.runtime.config, { publicUrl: url })
  setCredentialResolver('token', tokenResolver)
  await app.runtime.database.primary.pool.query('UPDATE access_state SET first_owner_at = now()')
  await refreshAccessState()
  const send = sender(url)
  return {
    url,
    resource: `${url}/api/mcp`,
    member: (role = 'editor') => member(app, role),
    send,
    async register(metadata = {}) {
      const { status, body } = await send('/api/auth/oauth2/register', {
        client_name: 'Test client',
        redirect_uris: [CALLBACK],
        ...metadata,
      })
      if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`)
      return String(body.client_id)
    },
    call: (token, method, params = {}) =>
      send(
        '/api/mcp',
        { jsonrpc: '2.0', id: 1, method, params },
        { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' },
      ),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function sender(url: string): OAuthServerForTests['send'] {
  return async (path, body, headers = {}) => {
    const sent = body instanceof URLSearchParams || body === undefined ? body : JSON.stringify(body)
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { ...(typeof sent === 'string' && { 'content-type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: sent }),
    })
    const text = await response.text()
    const read: Record<string, unknown> = text === '' ? {} : JSON.parse(text)
    return { status: response.status, headers: response.headers, body: read }
  }
}

async function member({ identity: { workspaceId, ownerId } }: TestRuntime, role: Role): Promise<Actor> {
  const { pool } = getRuntime().database.primary
  const [id, personId] = [newId(), newId()]
  await pool.query(`INSERT INTO actor (id, workspace_id, kind, display) VALUES ($1, $2, 'person', 'Ada')`, [
    id,
    workspaceId,
  ])
  await pool.query(`INSERT INTO person (id, email, name) VALUES ($1, $2, 'Ada')`, [
    personId,
    `${id}@example.org`,
  ])
  await pool.query(
    `INSERT INTO member (workspace_id, actor_id, person_id, role, created_by) VALUES ($1, $2, $3, $4, $5)`,
    [workspaceId, id, personId, role, ownerId],
  )
  const freshUntil = Date.now() + 900_000
  const credential = { kind: 'session', id: newId(), personId, freshUntil } as const
  const rights = { role, scopes: ALL_SCOPES, ...UNBOUND, credential }
  return { id, kind: 'person', workspaceId, ...rights, request: testRequest() }
}

import type { IncomingMessage } from 'node:http'
import { actorOf } from '../../access/actor.ts'
import { identify, PAGES_TAKE } from '../../access/identify.ts'
import { type Role } from '../../access/rules.ts'
import { refreshAccessState } from '../../access/state.ts'
import { change } from '../../db/change.ts'
import { notePeer } from '../../door/message.ts'
import { webRoute } from '../../door/web.ts'
import { AUTH_CONTRACTS } from '../../people/auth/contracts.ts'
import { createMember, createPerson, newPassword, setPassword } from '../../people/auth/people.ts'
import { authProtocol } from '../../people/auth/protocol.ts'
import { openApiDocument } from '../../rest/openapi.ts'
import { getRuntime } from '../../runtime.ts'
import { uniqueName } from '../rows.ts'
import type { TestRuntime } from '../runtime.ts'
import { testRequest } from '../runtime.ts'

export const PASSWORD = 'a horse of seven colours'

/** A person who can sign in, as tests need one. */
export interface TestPerson {
  personId: string
  actorId: string
  email: string
}

/** Ends the time without accounts. */
export async function withAccounts(): Promise<void> {
  const { pool } = getRuntime().database.primary
  await pool.query('UPDATE access_state SET first_owner_at = now()')
  await refreshAccessState()
}

/** Makes a member of the app's workspace. @param password null: none */
export async function makeMember(
  app: TestRuntime,
  {
    role = 'editor',
    password = PASSWORD,
    name = 'Ada',
  }: { role?: Role; password?: string | null; name?: string } = {},
): Promise<TestPerson> {
  const email = `${uniqueName('person')}@example.org`
  const hash = password === null ? undefined : await newPassword(password, { email, name })
  return change(app.actor(), async ({ tx }) => {
    const personId = await createPerson(tx, { email, name })
    if (hash !== undefined) await setPassword(tx, personId, hash)
    const { workspaceId } = app.identity
    return { personId, email, actorId: await createMember(tx, { workspaceId, personId, name, role }) }
  })
}

/** Members that answers below /api/auth have: each has some of them. */
interface Told {
  code: string
  detail: string
  errors?: unknown
  redirect: boolean
  url: string
  totpURI: string
  backupCodes: string[]
  challenge: string
  allowCredentials?: unknown[]
  id: string
  fresh_until: string
  passkey: boolean
  session: { id: string }
}

/** What came back to a visitor. */
export interface Answer {
  status: number
  body: Told
  /** The body, where it is a list. */
  list: { id: string; token: string; name: string }[]
  headers: Headers
}

const METHODS = webRoute(({ url }) => authProtocol(new URL(url).pathname))

/** A browser at the pages of this server: it keeps cookies and names its origin. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #origin: string
  readonly #address: string

  constructor({ address = '203.0.113.7' }: { address?: string } = {}) {
    this.#origin = new URL(getRuntime().config.publicUrl).origin
    this.#address = address
  }

  get = (path: string, headers?: Record<string, string>) => this.send('GET', path, undefined, headers)
  post = (path: string, body: unknown = {}, headers?: Record<string, string>) =>
    this.send('POST', path, body, headers)

  /** @param path behind /api/auth */
  async send(
    method: keyof typeof METHODS,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const request = new Request(`${this.#origin}/api/auth${path}`, {
      method,
      body: text,
      headers: {
        host: new URL(this.#origin).host,
        'user-agent': 'Mozilla/5.0 (Visitor)',
        ...peerHeader(this.#address),
        ...(this.cookies.size > 0 && { cookie: this.cookieHeader() }),
        ...(method !== 'GET' && { origin: this.#origin }),
        ...(text !== null && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        }),
        ...headers,
      },
    })
    if (headers.origin === '') request.headers.delete('origin')
    const response = await METHODS[method](request)
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
    const answered = await response.text()
    const { status, headers: received } = response
    const isJson = received.get('content-type')?.includes('json') === true
    const told = isJson ? JSON.parse(answered) : {}
    assertDescribed(method, path, status, told)
    return { status, body: told, list: told, headers: received }
  }

  signIn(email: string, password = PASSWORD): Promise<Answer> {
    return this.post('/sign-in/email', { email, password })
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Who a page would see. @throws as identify does */
  async actor() {
    const header = (name: string) => (name === 'cookie' ? this.cookieHeader() : undefined)
    return actorOf(await identify({ header }, PAGES_TAKE), testRequest())
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (/Max-Age=0/.test(cookie)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

const DOCUMENT = openApiDocument(AUTH_CONTRACTS, new Map())

/** Every answer is one that the document of the API tells of. */
function assertDescribed(method: string, path: string, status: number, body: unknown): void {
  const at = `/api/auth${path.split('?', 1)[0]}`
  const contract = AUTH_CONTRACTS.find((each) => each.method === method && each.path === at)
  if (contract === undefined) return
  const described = Object.keys(DOCUMENT.paths?.[at]?.[method === 'GET' ? 'get' : 'post']?.responses ?? {})
  if (!described.includes(String(status)))
    throw new Error(`${contract.id} answers ${status}, which is not described: ${JSON.stringify(body)}`)
  if (status < 300) contract.output?.parse(body)
}

/** The address, as the edge notes it. */
function peerHeader(remoteAddress: string): Record<string, string> {
  const headers: Record<string, string> = {}
  notePeer({ headers, socket: { remoteAddress } } as unknown as IncomingMessage)
  return headers
}

import { exchange, type Received } from '../protocol/exchange.ts'
import { type RunningApp, type StartOptions, startApp } from '../start-app.ts'

/** People, sessions and keys of a running app, as its pages make them. */

export const OWNER = { email: 'owner@example.test', password: 'a long sentence to sign in with' } as const

/** Whoever sends requests: a session, a key, or nobody. */
export interface Sender {
  /** The headers that prove who it is. */
  readonly headers: Record<string, string>
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Received>
}

export interface Accounts {
  readonly app: RunningApp
  readonly owner: Sender
  stop(): Promise<void>
}

/** Starts the production build with an owner's account. */
export async function startAccounts(options: StartOptions = {}): Promise<Accounts> {
  const env = { INCIPIT_OWNER_EMAIL: OWNER.email, INCIPIT_OWNER_PASSWORD: OWNER.password, ...options.env }
  // Tests send more from one address than people do; what is about these limits sets its own.
  const limits = { unknown_per_second: 0, wrong_credentials: 1_000_000, ...options.config?.limits }
  const app = await startApp({ ...options, env, config: { ...options.config, limits } })
  const owner = await signIn(app, OWNER)
  return { app, owner, stop: async () => void (await app.stop()) }
}

/** Somebody who sends these headers with each request. */
export function sender(app: RunningApp, headers: Record<string, string> = {}): Sender {
  return {
    headers,
    call: (method, path, body, more) =>
      exchange(app, {
        method,
        path,
        headers: { ...headers, ...more },
        ...(body !== undefined && { body }),
      }),
  }
}

export const withKey = (app: RunningApp, key: string) => sender(app, { authorization: `Bearer ${key}` })

/** What a browser sends with a session's request from one of our own pages. */
export function fromPage(app: RunningApp, cookie: string): Sender {
  return sender(app, { cookie, origin: app.url, 'sec-fetch-site': 'same-origin' })
}

/** The session's cookie in an answer. @throws Error with the answer when there is none */
function cookieOf(answer: Received): string {
  const [cookie] = /(?:__Host-incipit|incipit-\d+)=[^;,\s]+/.exec(answer.headers['set-cookie'] ?? '') ?? []
  if (cookie === undefined) throw new Error(`no session: ${answer.status} ${answer.text}`)
  return cookie
}

export async function signIn(
  app: RunningApp,
  { email, password }: { email: string; password: string },
): Promise<Sender> {
  const answer = await fromPage(app, '').call('POST', '/api/auth/sign-in/email', { email, password })
  return fromPage(app, cookieOf(answer))
}

/** The JSON of an answer that must have this status. */
export function expectJson<T>(answer: Received, status: number): T {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.text}`)
  return answer.json as T
}

/** Invites somebody, who accepts and is signed in. */
export async function join(
  { app, owner }: Pick<Accounts, 'app' | 'owner'>,
  invitation: { email: string; role: string; categories?: string[] },
): Promise<Sender> {
  const { url } = expectJson<{ url: string }>(await owner.call('POST', '/api/invitations', invitation), 201)
  const accepted = await fromPage(app, '').call('POST', '/api/auth/invitation/accept', {
    token: new URL(url).hash.slice(1),
    name: invitation.email.split('@')[0],
    password: OWNER.password,
  })
  return fromPage(app, cookieOf(accepted))
}

export interface MadeKey {
  id: string
  key: string
}

export async function makeKey(
  by: Sender,
  input: { scopes?: string[]; preset?: string; kind?: string; label?: string; categories?: string[] },
): Promise<MadeKey> {
  return expectJson<MadeKey>(await by.call('POST', '/api/keys', { name: 'a key', ...input }), 201)
}

/** The member of an e-mail address. */
export async function memberOf(owner: Sender, email: string): Promise<{ id: string; etag: string }> {
  const { items } = expectJson<{ items: { id: string; email: string; etag: string }[] }>(
    await owner.call('GET', '/api/members?limit=200'),
    200,
  )
  const found = items.find((member) => member.email === email)
  if (found === undefined) throw new Error(`no member ${email}`)
  return found
}

import { createHmac } from 'node:crypto'
import pg from 'pg'
import { type RunningApp, type StartOptions, startApp } from '../start-app.ts'
import { type APIRequestContext, expect, type Page } from './test.ts'

/** Somebody with an account. */
export interface Account {
  name: string
  email: string
  password: string
}

export const OWNER: Account = {
  name: 'Olga Owner',
  email: 'olga@example.org',
  password: 'a long way to the sea',
}

/** An app with accounts, at a name: browsers have passkeys for no address. */
export interface AccountsApp {
  readonly app: RunningApp
  readonly url: string
  readonly stop: () => Promise<unknown>
}

/** Starts an app of its own; its owner is made where one is given. */
export async function startAccounts(owner?: Account, options: StartOptions = {}): Promise<AccountsApp> {
  const app = await startApp(options)
  const url = `http://localhost:${app.port}`
  if (owner !== undefined) await post(url, '/api/auth/set-up', { ...owner })
  return { app, url, stop: () => app.stop() }
}

/** Sends a request as one of our own pages would, without a session. */
export async function post(url: string, path: string, body: Record<string, unknown>): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: url }
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.ok, `${path}: ${response.status}`).toBe(true)
  return response
}

/** Signs the browser of a page in. */
export async function signIn(
  request: APIRequestContext,
  url: string,
  { email, password }: Account,
): Promise<void> {
  await own(request, url, 'POST', '/api/auth/sign-in/email', { email, password })
}

/** Sends a request of a page with the session of its browser. */
export async function own(
  request: APIRequestContext,
  url: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  data?: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const response = await request.fetch(url + path, {
    method,
    headers: { origin: url, 'sec-fetch-site': 'same-origin' },
    ...(data && { data }),
  })
  expect(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`).toBe(true)
  return response.status() === 204 ? {} : response.json()
}

/** Invites somebody. @returns the link */
export async function invite(
  request: APIRequestContext,
  url: string,
  { email, role }: { email: string; role: string },
): Promise<string> {
  const { url: link } = await own(request, url, 'POST', '/api/invitations', { email, role })
  return String(link)
}

/** Makes a member, who is not signed in yet. */
export async function addMember(
  request: APIRequestContext,
  url: string,
  { name, email, password, role }: Account & { role: string },
): Promise<void> {
  const token = (await invite(request, url, { email, role })).split('#')[1] ?? ''
  await post(url, '/api/auth/invitation/accept', { token, name, password })
}

/** Has the sign-ins of somebody be an hour ago: what takes a fresh one asks for it. */
export async function ageSessions({ app }: AccountsApp, { email }: Account): Promise<void> {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  await client.query(
    `UPDATE person_session s SET signed_in_at = now() - interval '1 hour'
     FROM person p WHERE p.id = s.person_id AND p.email = $1`,
    [email],
  )
  await client.end()
}

/** The code that an authenticator app shows for a key. @param step another one than the present: 1 the next */
export function totpOf(key: string, step = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = Array.from(key)
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const at = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Gives the browser of a page an authenticator that always says yes. */
export async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

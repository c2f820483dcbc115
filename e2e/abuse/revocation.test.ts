import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Accounts,
  expectJson,
  fromPage,
  join,
  makeKey,
  memberOf,
  type Sender,
  sender,
  signIn,
  startAccounts,
  withKey,
} from '../access/accounts.ts'
import { until } from '../faults/harness/until.ts'
import { type RunningApp, startApp } from '../start-app.ts'

/** Rights that end hold on every instance within two seconds, open streams included. */

const TWO_SECONDS = 2_000
const P = '/api/prompts'
const STREAMS = ['/api/changes', '/api/mcp']

let accounts: Accounts
let second: RunningApp
beforeAll(async () => {
  accounts = await startAccounts()
  second = await startApp({ database: accounts.app.databaseUrl })
})
afterAll(async () => {
  await second.stop()
  await accounts.stop()
})

/** Opens a stream; `ended` settles with the milliseconds since the last call of `from`. */
async function openStream(app: RunningApp, path: string, { headers }: Sender) {
  const response = await fetch(`${app.url}${path}`, { headers: { ...headers, accept: 'text/event-stream' } })
  expect(response.status).toBe(200)
  let started = Number.NaN
  const ended = (async () => {
    for await (const _ of response.body ?? []) void _
    return performance.now() - started
  })()
  return {
    from: () => {
      started = performance.now()
    },
    ended,
  }
}

async function isGone(who: (app: RunningApp) => Sender): Promise<void> {
  const started = performance.now()
  for (const app of [accounts.app, second])
    await until('it is refused', async () => (await who(app).call('GET', P)).status === 401)
  expect(performance.now() - started).toBeLessThan(TWO_SECONDS)
}

describe('case 18: a revoked key', () => {
  it('is refused by every instance within two seconds', async () => {
    const { id, key } = await makeKey(accounts.owner, { preset: 'author' })
    const who = (app: RunningApp) => withKey(app, key)
    for (const app of [accounts.app, second]) expectJson(await who(app).call('GET', P), 200)
    expect((await accounts.owner.call('DELETE', `/api/keys/${id}`)).status).toBe(204)
    await isGone(who)
  })

  it('ends with the membership of its person, and with their sessions', async () => {
    const editor = await join(accounts, { email: 'leaver@example.test', role: 'editor' })
    const { key } = await makeKey(editor, { preset: 'author' })
    const { id, etag } = await memberOf(accounts.owner, 'leaver@example.test')
    for (const app of [accounts.app, second]) expectJson(await withKey(app, key).call('GET', P), 200)
    const removed = await accounts.owner.call('DELETE', `/api/members/${id}`, undefined, { 'if-match': etag })
    expect(removed.status).toBe(204)
    await isGone((app) => withKey(app, key))
    expect((await editor.call('GET', '/api/me')).status).toBe(401)
  })

  it('of a session: signing out is for every instance', async () => {
    const editor = await join(accounts, { email: 'signs-out@example.test', role: 'editor' })
    const elsewhere = (app: RunningApp): Sender => {
      const cookie = (editor.headers.cookie ?? '').replace(String(accounts.app.port), String(app.port))
      const headers = { ...editor.headers, cookie, origin: app.url }
      return { ...editor, headers, call: (...args) => sendTo(app, headers, args) }
    }
    expectJson(await elsewhere(second).call('GET', P), 200)
    expect((await editor.call('POST', '/api/auth/sign-out', {})).status).toBe(200)
    await isGone(elsewhere)
  })
})

function sendTo(app: RunningApp, headers: Record<string, string>, args: Parameters<Sender['call']>) {
  const [method, path, body, more] = args
  return sender(app, headers).call(method, path, body, more)
}

describe.each(STREAMS)('case 41: a stream of %s', (path) => {
  it('ends within two seconds of the revocation of its key, on the other instance', async () => {
    const { id, key } = await makeKey(accounts.owner, { scopes: ['prompts:read'] })
    const stream = await openStream(second, path, withKey(second, key))
    stream.from()
    await accounts.owner.call('DELETE', `/api/keys/${id}`)
    expect(await stream.ended).toBeLessThan(TWO_SECONDS)
  })

  it('ends when its person gets another role', async () => {
    const email = `lowered-${path.length}@example.test`
    const editor = await join(accounts, { email, role: 'editor' })
    const { key } = await makeKey(editor, { preset: 'author' })
    const stream = await openStream(second, path, withKey(second, key))
    const { id, etag } = await memberOf(accounts.owner, email)
    stream.from()
    expectJson(
      await accounts.owner.call('PATCH', `/api/members/${id}`, { role: 'viewer' }, { 'if-match': etag }),
      200,
    )
    expect(await stream.ended).toBeLessThan(TWO_SECONDS)
  })
})

describe('what somebody made who may not make it any more', () => {
  it('opens nothing: neither a link for a new password nor an invitation', async () => {
    const admin = await join(accounts, { email: 'maker@example.test', role: 'admin' })
    await join(accounts, { email: 'taken@example.test', role: 'editor' })
    const target = await memberOf(accounts.owner, 'taken@example.test')
    const reset = expectJson<{ url: string }>(
      await admin.call('POST', `/api/members/${target.id}/reset`, {}),
      201,
    )
    const invited = expectJson<{ url: string }>(
      await admin.call('POST', '/api/invitations', { email: 'accomplice@example.test', role: 'publisher' }),
      201,
    )
    const { id, etag } = await memberOf(accounts.owner, 'maker@example.test')
    expect(
      (await accounts.owner.call('DELETE', `/api/members/${id}`, undefined, { 'if-match': etag })).status,
    ).toBe(204)
    const password = 'another long sentence to sign in with'
    const token = ({ url }: { url: string }) => new URL(url).hash.slice(1)
    const nobody = fromPage(second, '')
    const taken = await nobody.call('POST', '/api/auth/reset', { token: token(reset), password })
    const joined = await nobody.call('POST', '/api/auth/invitation/accept', {
      token: token(invited),
      name: 'Accomplice',
      password,
    })
    expect([taken.status, joined.status]).toEqual([404, 404])
    await expect(signIn(second, { email: 'taken@example.test', password })).rejects.toThrow(/401/)
  })
})

describe('case 41: a page that follows changes', () => {
  it('is told to end when its person is deactivated, who cannot sign in any more', async () => {
    const who = { email: 'asleep@example.test', password: 'a long sentence to sign in with' }
    const editor = await join(accounts, { email: who.email, role: 'editor' })
    const stream = await openStream(accounts.app, '/api/changes', editor)
    const { id, etag } = await memberOf(accounts.owner, who.email)
    stream.from()
    expectJson(
      await accounts.owner.call('PATCH', `/api/members/${id}`, { deactivated: true }, { 'if-match': etag }),
      200,
    )
    expect(await stream.ended).toBeLessThan(TWO_SECONDS)
    await expect(signIn(accounts.app, who)).rejects.toThrow(/401|403/)
  })
})

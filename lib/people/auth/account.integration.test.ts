import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { setRuntime } from '../../runtime.ts'
import {
  makeMember,
  PASSWORD,
  type TestPerson,
  Visitor,
  withAccounts,
} from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { type AuthMail, setAuthMail } from './account.ts'
import { recognizeSessions } from './identify-session.ts'

const OTHER = 'another horse of colours'

let app: TestRuntime
let ada: TestPerson
let visitor: Visitor
beforeAll(async () => {
  app = await testRuntime()
  recognizeSessions()
  await withAccounts()
})
afterAll(() => app.close())
beforeEach(async () => {
  await query('DELETE FROM sign_in_count')
  ada = await makeMember(app)
  visitor = new Visitor()
  await visitor.signIn(ada.email)
})
afterEach(() => setAuthMail(undefined))

const query = async (text: string, ...values: unknown[]) =>
  (await app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows

const lastEvent = async () => {
  const [row] = await query(
    `SELECT action, actor_id, before, after FROM audit_event WHERE workspace_id = $1 ORDER BY revision DESC LIMIT 1`,
    app.identity.workspaceId,
  )
  return row
}

describe('a password', () => {
  it('is changed by who knows the old one, and all other sessions end', async () => {
    const other = new Visitor()
    await other.signIn(ada.email)
    const before = visitor.cookies.get('incipit-3000')
    const wrong = await visitor.post('/change-password', { currentPassword: 'wrong', newPassword: OTHER })
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ path: ['currentPassword'] }] } })
    const weak = await visitor.post('/change-password', { currentPassword: PASSWORD, newPassword: 'short' })
    expect(weak).toMatchObject({
      status: 400,
      body: { errors: [{ path: ['newPassword'], code: 'too_short' }] },
    })
    const done = await visitor.post('/change-password', {
      currentPassword: PASSWORD,
      newPassword: OTHER,
      revokeOtherSessions: true,
    })
    expect(done.status).toBe(200)
    expect(visitor.cookies.get('incipit-3000')).not.toBe(before)
    expect((await other.get('/get-session')).body).toBeNull()
    expect((await visitor.get('/get-session')).body).not.toBeNull()
    expect((await new Visitor().signIn(ada.email)).status).toBe(401)
    expect((await new Visitor().signIn(ada.email, OTHER)).status).toBe(200)
  })

  it('is on record without itself', async () => {
    await visitor.post('/change-password', { currentPassword: PASSWORD, newPassword: OTHER })
    const event = await lastEvent()
    expect(event).toMatchObject({ action: 'person.password', actor_id: ada.actorId })
    expect(JSON.stringify(event)).not.toContain(OTHER)
  })
})

describe('an e-mail address', () => {
  it('is changed at once where no mail can be sent, by a fresh proof', async () => {
    await query(`UPDATE person_session SET signed_in_at = now() - interval '1 hour'`)
    expect((await visitor.post('/change-email', { newEmail: 'new@example.org' })).status).toBe(403)
    await visitor.post('/fresh', { password: PASSWORD })
    const newEmail = `New-${ada.email}`
    expect((await visitor.post('/change-email', { newEmail })).status).toBe(200)
    expect((await new Visitor().signIn(newEmail)).status).toBe(200)
    expect((await new Visitor().signIn(ada.email)).status).toBe(401)
    const taken = await visitor.post('/change-email', { newEmail: (await makeMember(app)).email })
    expect(taken.status).toBe(409)
  })

  it('is asked for ten times, and no more: each is a mail to whomever', async () => {
    const confirmEmail = vi.fn<() => Promise<void>>(() => Promise.resolve())
    setAuthMail({ confirmEmail, addressTaken: confirmEmail, emailChanged: () => Promise.resolve() })
    const statuses: number[] = []
    for (let n = 0; n < 11; n++)
      statuses.push((await visitor.post('/change-email', { newEmail: `x${n}-${ada.email}` })).status)
    expect(statuses).toEqual([...Array(10).fill(200), 429])
    expect(confirmEmail).toHaveBeenCalledTimes(10)
  })

  it('is changed by the link in a mail, once, by the person who asked; the old address is told', async () => {
    const sent: { to: string; url?: string }[] = []
    const send = async (each: { to: string; url?: string }) => void sent.push(each)
    setAuthMail({ confirmEmail: send, addressTaken: send, emailChanged: send } satisfies AuthMail)
    const bob = await makeMember(app)
    const newEmail = `new-${ada.email}`
    const alike = await visitor.post('/change-email', { newEmail: bob.email })
    // A mail takes its time: an answer without one would tell that the address is taken.
    expect(sent.splice(0)).toEqual([{ to: bob.email }])
    expect(await visitor.post('/change-email', { newEmail })).toMatchObject({ status: 200, body: alike.body })
    expect(sent).toMatchObject([{ to: newEmail }])
    expect((await new Visitor().signIn(newEmail)).status).toBe(401)
    const [, token = ''] = sent[0]?.url?.split('#verify-email=') ?? []
    const theirs = new Visitor()
    await theirs.signIn(bob.email)
    expect((await theirs.post('/verify-email', { token })).status).toBe(403)
    expect((await visitor.post('/verify-email', { token: 'x' })).status).toBe(404)
    expect((await visitor.post('/verify-email', { token })).status).toBe(200)
    expect((await visitor.post('/verify-email', { token })).status).toBe(404)
    expect(sent[1]).toMatchObject({ to: ada.email })
    const [person] = await query('SELECT email, email_verified FROM person WHERE id = $1', ada.personId)
    expect(person).toEqual({ email: newEmail, email_verified: true })
    expect(JSON.stringify(await lastEvent())).not.toContain(newEmail)
  })
})

it('nothing is reached without a session', async () => {
  const nobody = new Visitor()
  const token = '0190a0e0-0000-7000-8000-000000000000'
  const asked: [string, unknown][] = [
    ['/revoke-session', { token }],
    ['/revoke-other-sessions', {}],
    ['/fresh', { password: PASSWORD }],
    ['/change-password', { currentPassword: PASSWORD, newPassword: OTHER }],
    ['/change-email', { newEmail: 'a@example.org' }],
    ['/two-factor/enable', { password: PASSWORD }],
    ['/two-factor/disable', { password: PASSWORD }],
    ['/two-factor/generate-backup-codes', { password: PASSWORD }],
    ['/passkey/verify-registration', { response: {} }],
    ['/passkey/update-passkey', { id: token, name: 'a' }],
    ['/passkey/delete-passkey', { id: token }],
  ]
  for (const [path, body] of asked)
    expect([path, (await nobody.post(path, body)).status]).toEqual([path, 401])
  for (const path of [
    '/list-sessions',
    '/passkey/list-user-passkeys',
    '/passkey/generate-register-options',
    '/list-accounts',
  ])
    expect([path, (await nobody.get(path)).status]).toEqual([path, 401])
})

it('while there are no accounts nobody signs in', async () => {
  const local = await testRuntime()
  const somebody = new Visitor()
  expect((await somebody.signIn('ada@example.org')).status).toBe(409)
  expect((await somebody.get('/ways')).body).toMatchObject({ state: 'local' })
  await local.close()
  setRuntime(app.runtime)
})

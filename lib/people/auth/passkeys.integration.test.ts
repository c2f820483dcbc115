import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Authenticator } from '../../testing/accounts/authenticator.ts'
import {
  makeMember,
  PASSWORD,
  type TestPerson,
  Visitor,
  withAccounts,
} from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { recognizeSessions } from './identify-session.ts'

const ORIGIN = 'http://localhost:3000'

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

const query = async (text: string, ...values: unknown[]) =>
  (await app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows

async function add(device: Authenticator, who = visitor, name?: string) {
  const options = await who.get('/passkey/generate-register-options')
  return who.post('/passkey/verify-registration', {
    response: device.create(options.body),
    ...(name && { name }),
  })
}

async function use(device: Authenticator, who: Visitor, changes = {}) {
  const { body } = await who.get('/passkey/generate-authenticate-options')
  return who.post('/passkey/verify-authentication', { response: device.get(body, changes) })
}

describe('a passkey', () => {
  it('is added, signs in without a password as a second factor, and is on record', async () => {
    const device = new Authenticator(ORIGIN)
    const { body: options } = await visitor.get('/passkey/generate-register-options')
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect(await add(device, visitor, 'Laptop')).toMatchObject({ status: 200, body: { name: 'Laptop' } })
    const other = new Visitor()
    expect(await use(device, other)).toMatchObject({ status: 200, body: { user: { email: ada.email } } })
    expect((await other.actor()).id).toBe(ada.actorId)
    const [newest] = await query(
      'SELECT second_factor FROM person_session WHERE person_id = $1 ORDER BY created_at DESC LIMIT 1',
      ada.personId,
    )
    expect(newest).toEqual({ second_factor: true })
    const actions = await query(
      `SELECT action FROM audit_event WHERE workspace_id = $1 AND target_id = $2 ORDER BY revision`,
      app.identity.workspaceId,
      ada.actorId,
    )
    expect(actions.map(({ action }) => action)).toEqual([
      'session.create',
      'passkey.create',
      'session.create',
    ])
    expect((await use(device, new Visitor())).status).toBe(200)
  })

  it('does not tell whether an account exists', async () => {
    const { body } = await new Visitor().get('/passkey/generate-authenticate-options')
    expect(body.allowCredentials ?? []).toEqual([])
    const { status, body: refusal } = await use(new Authenticator(ORIGIN), new Visitor())
    expect({ status, code: refusal.code }).toEqual({ status: 401, code: 'unauthenticated' })
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another server', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['nobody who proved to be its owner', { isVerified: false }],
  ])('that answers for %s is refused', async (_, changes) => {
    const device = new Authenticator(ORIGIN)
    await add(device)
    expect((await use(device, new Visitor(), changes)).status).toBe(401)
    const options = await visitor.get('/passkey/generate-register-options')
    const response = new Authenticator(ORIGIN).create(options.body, changes)
    expect((await visitor.post('/passkey/verify-registration', { response })).status).toBe(400)
  })

  it('answers each challenge once, and not with an older count', async () => {
    const device = new Authenticator(ORIGIN)
    await add(device)
    const thief = new Visitor()
    const { body } = await thief.get('/passkey/generate-authenticate-options')
    const response = device.get(body)
    const cookies = new Map(thief.cookies)
    expect((await thief.post('/passkey/verify-authentication', { response })).status).toBe(200)
    const again = new Visitor()
    for (const [name, value] of cookies) again.cookies.set(name, value)
    expect((await again.post('/passkey/verify-authentication', { response })).status).toBe(401)
    await query(`UPDATE person_passkey SET counter = 1000`)
    expect((await use(device, new Visitor())).status).toBe(401)
  })

  it('is renamed and removed by its owner alone', async () => {
    const device = new Authenticator(ORIGIN)
    const { id } = (await add(device)).body
    const bob = new Visitor()
    await bob.signIn((await makeMember(app)).email)
    expect((await bob.post('/passkey/update-passkey', { id, name: 'Mine' })).status).toBe(404)
    expect((await bob.post('/passkey/delete-passkey', { id })).status).toBe(404)
    expect((await bob.get('/passkey/list-user-passkeys')).body).toEqual([])
    expect((await visitor.post('/passkey/update-passkey', { id, name: 'Phone' })).status).toBe(200)
    expect((await visitor.get('/passkey/list-user-passkeys')).body).toMatchObject([{ id, name: 'Phone' }])
    expect((await visitor.post('/passkey/delete-passkey', { id })).status).toBe(200)
    expect((await use(device, new Visitor())).status).toBe(401)
  })

  it('proves again who one is, and only with one’s own', async () => {
    const [mine, theirs] = [new Authenticator(ORIGIN), new Authenticator(ORIGIN)]
    await add(mine)
    const bob = new Visitor()
    await bob.signIn((await makeMember(app)).email)
    await add(theirs, bob)
    await query(`UPDATE person_session SET signed_in_at = now() - interval '1 hour'`)
    const fresh = async (device: Authenticator) => {
      const { body } = await visitor.get('/passkey/generate-authenticate-options')
      return (await visitor.post('/fresh', { passkey: device.get(body) })).status
    }
    expect(await fresh(theirs)).toBe(400)
    expect(await fresh(mine)).toBe(200)
    expect((await visitor.get('/passkey/generate-register-options')).status).toBe(200)
  })

  it('is asked for before the password alone could set up another factor, where the role must have one', async () => {
    const device = new Authenticator(ORIGIN)
    await add(device)
    const { security } = app.runtime.config
    security.second_factor_roles.push('editor')
    try {
      const thief = new Visitor()
      await thief.signIn(ada.email)
      expect((await thief.actor()).must).toBe('second_factor')
      for (const asked of [
        thief.get('/passkey/generate-register-options'),
        thief.post('/two-factor/enable', { password: PASSWORD }),
        thief.post('/change-email', { newEmail: 'thief@example.org' }),
        thief.post('/change-password', { currentPassword: PASSWORD, newPassword: 'a password of a thief' }),
      ])
        expect(await asked).toMatchObject({ status: 403, body: { must: ['second_factor'] } })
      const { body } = await thief.get('/passkey/generate-authenticate-options')
      expect((await thief.post('/fresh', { passkey: device.get(body) })).status).toBe(200)
      expect((await thief.actor()).must).toBeUndefined()
      expect((await thief.post('/two-factor/enable')).status).toBe(200)
    } finally {
      security.second_factor_roles.pop()
    }
  })

  it('is not offered where browsers make none', async () => {
    expect((await visitor.get('/ways')).body).toEqual({
      state: 'accounts',
      password: true,
      passkey: true,
      single_sign_on: null,
    })
    const { config } = app.runtime
    const { publicUrl } = config
    config.publicUrl = 'http://192.0.2.1:3000'
    const there = new Visitor()
    expect((await there.get('/ways', { host: 'localhost:3000' })).body.passkey).toBe(false)
    config.publicUrl = publicUrl
  })
})

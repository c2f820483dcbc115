import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  makeMember,
  PASSWORD,
  type TestPerson,
  Visitor,
  withAccounts,
} from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { recognizeSessions } from './identify-session.ts'
import { totpCode, totpStep } from './totp.ts'

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
  vi.useRealTimers()
  await query('DELETE FROM sign_in_count')
  ada = await makeMember(app)
  visitor = new Visitor()
  await visitor.signIn(ada.email)
})

const query = async (text: string, ...values: unknown[]) =>
  (await app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows

const codeAt = (secret: string, off = 0) => totpCode(secret, totpStep(Date.now()) + off)

/** Each code counts once: the next one has its turn. */
function nextCode(secret: string): string {
  return codeAt(secret, 1)
}

async function setUp(who = visitor) {
  const { body } = await who.post('/two-factor/enable', { password: PASSWORD })
  const secret = new URL(body.totpURI).searchParams.get('secret') ?? ''
  const codes: string[] = body.backupCodes
  const confirmed = await who.post('/two-factor/verify-totp', { code: codeAt(secret) })
  return { secret, codes, confirmed }
}

describe('an authenticator app', () => {
  it('counts from its first code on; the secret is sealed, recovery codes are hashed', async () => {
    const before = visitor.cookies.get('incipit-3000')
    const { body } = await visitor.post('/two-factor/enable', { password: PASSWORD })
    expect(body.totpURI).toMatch(/^otpauth:\/\/totp\/Incipit%20\(localhost%3A3000\):/)
    expect(body.backupCodes).toHaveLength(10)
    const other = new Visitor()
    expect((await other.signIn(ada.email)).body.redirect).toBe(false)
    const secret = new URL(body.totpURI).searchParams.get('secret') ?? ''
    const confirmed = await visitor.post('/two-factor/verify-totp', { code: codeAt(secret) })
    expect(confirmed).toMatchObject({ status: 200, body: { user: { twoFactorEnabled: true } } })
    expect(visitor.cookies.get('incipit-3000')).not.toBe(before)
    const [kept] = await query('SELECT * FROM person_second_factor WHERE person_id = $1', ada.personId)
    const text = JSON.stringify(kept)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(body.backupCodes[0]?.replaceAll('-', ''))
    expect(
      await query(
        `SELECT second_factor FROM person_session WHERE person_id = $1 AND second_factor`,
        ada.personId,
      ),
    ).toHaveLength(1)
  })

  it('is asked for after the password, and no session exists before', async () => {
    const { secret } = await setUp()
    await query('DELETE FROM person_session WHERE person_id = $1', ada.personId)
    const other = new Visitor()
    const first = await other.signIn(ada.email)
    expect(first.body).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['totp'] })
    expect([...other.cookies.keys()]).toEqual(['incipit-3000-factor'])
    expect(await query('SELECT id FROM person_session WHERE person_id = $1', ada.personId)).toEqual([])
    expect((await other.post('/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
    const second = await other.post('/two-factor/verify-totp', { code: nextCode(secret) })
    expect(second.status).toBe(200)
    expect((await other.actor()).id).toBe(ada.actorId)
    const [session] = await query(
      'SELECT second_factor FROM person_session WHERE person_id = $1',
      ada.personId,
    )
    expect(session).toEqual({ second_factor: true })
  })

  it('gives codes that count once, also when two come at the same time', async () => {
    const { secret } = await setUp()
    const code = nextCode(secret)
    const visitors = [new Visitor(), new Visitor(), new Visitor()]
    for (const each of visitors) await each.signIn(ada.email)
    const answers = await Promise.all(visitors.map((each) => each.post('/two-factor/verify-totp', { code })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401])
  })

  it('cannot be guessed: ten tries for a person, from wherever', async () => {
    const { secret } = await setUp()
    for (let n = 0; n < 10; n++) {
      const attacker = new Visitor({ address: `198.51.100.${n}` })
      await attacker.signIn(ada.email)
      expect((await attacker.post('/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
    }
    const other = new Visitor()
    await other.signIn(ada.email)
    expect((await other.post('/two-factor/verify-totp', { code: nextCode(secret) })).status).toBe(429)
    // Neither with the session, where the same is guessed; the password is another secret.
    expect((await visitor.post('/fresh', { code: nextCode(secret) })).status).toBe(429)
    expect((await visitor.post('/fresh', { password: PASSWORD })).status).toBe(200)
  })

  it('is not asked by a step that is over, unknown or of a person who was deactivated', async () => {
    const { secret } = await setUp()
    const code = nextCode(secret)
    const lost = { status: 401, body: { code_hint: 'invalid_two_factor_cookie' } }
    const forged = new Visitor()
    forged.cookies.set('incipit-3000-factor', 'x'.repeat(43))
    expect(await forged.post('/two-factor/verify-totp', { code })).toMatchObject(lost)
    const late = new Visitor()
    await late.signIn(ada.email)
    await query(`UPDATE person_verification SET expires_at = now()`)
    expect(await late.post('/two-factor/verify-totp', { code })).toMatchObject(lost)
    const gone = new Visitor()
    await gone.signIn(ada.email)
    await query('UPDATE person SET deactivated_at = now() WHERE id = $1', ada.personId)
    expect(await gone.post('/two-factor/verify-totp', { code })).toMatchObject(lost)
  })

  it('is set up, replaced and removed by a fresh proof alone', async () => {
    await query(`UPDATE person_session SET signed_in_at = now() - interval '1 hour'`)
    expect((await visitor.post('/two-factor/enable')).status).toBe(403)
    expect((await visitor.post('/two-factor/enable', { password: 'wrong' })).status).toBe(400)
    expect((await visitor.post('/two-factor/enable', { password: PASSWORD })).status).toBe(200)
    await query(`UPDATE person_session SET signed_in_at = now()`)
    await setUp()
    expect((await visitor.post('/two-factor/enable', { password: PASSWORD })).status).toBe(409)
    await query(`UPDATE person_session SET signed_in_at = now() - interval '1 hour'`)
    expect((await visitor.post('/two-factor/disable')).status).toBe(403)
    expect((await visitor.post('/two-factor/disable', { password: PASSWORD })).status).toBe(200)
    expect((await new Visitor().signIn(ada.email)).body.redirect).toBe(false)
  })

  it('makes a session fresh, too', async () => {
    const { secret } = await setUp()
    await query(`UPDATE person_session SET signed_in_at = now() - interval '1 hour'`)
    expect((await visitor.post('/fresh', { code: '000000' })).status).toBe(400)
    const code = nextCode(secret)
    expect((await visitor.post('/fresh', { code })).status).toBe(200)
    expect((await visitor.post('/fresh', { code })).status).toBe(400)
  })
})

describe('recovery codes', () => {
  it('open a session once each, as they are typed', async () => {
    const { codes } = await setUp()
    const [code = ''] = codes
    const other = new Visitor()
    await other.signIn(ada.email)
    expect((await other.post('/two-factor/verify-backup-code', { code: 'aaaa-bbbb-cccc-dddd' })).status).toBe(
      401,
    )
    const typed = code.toUpperCase().replaceAll('-', ' ')
    expect((await other.post('/two-factor/verify-backup-code', { code: typed })).status).toBe(200)
    const again = new Visitor()
    await again.signIn(ada.email)
    expect((await again.post('/two-factor/verify-backup-code', { code })).status).toBe(401)
  })

  it('are replaced all at once', async () => {
    const { codes } = await setUp()
    const { body } = await visitor.post('/two-factor/generate-backup-codes', { password: PASSWORD })
    expect(body.backupCodes).toHaveLength(10)
    const other = new Visitor()
    await other.signIn(ada.email)
    expect((await other.post('/two-factor/verify-backup-code', { code: codes[0] })).status).toBe(401)
    expect((await other.post('/two-factor/verify-backup-code', { code: body.backupCodes[0] })).status).toBe(
      200,
    )
  })
})

describe('a role that must have a second factor', () => {
  beforeEach(() => void app.runtime.config.security.second_factor_roles.push('editor'))
  afterAll(() => void app.runtime.config.security.second_factor_roles.splice(0))

  it('may set one up, has its rights from then on, and cannot take the last one away', async () => {
    expect((await visitor.actor()).must).toBe('second_factor')
    const { confirmed } = await setUp()
    expect(confirmed.status).toBe(200)
    const actor = await visitor.actor()
    expect(actor.must).toBeUndefined()
    expect(actor.scopes.has('prompts:read')).toBe(true)
    expect(await visitor.post('/two-factor/disable', { password: PASSWORD })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('must have a second factor') },
    })
  })
})

it('each event is on record', async () => {
  await setUp()
  await visitor.post('/two-factor/generate-backup-codes', { password: PASSWORD })
  app.runtime.config.security.second_factor_roles.splice(0)
  await visitor.post('/two-factor/disable', { password: PASSWORD })
  const rows = await query(
    `SELECT action FROM audit_event WHERE workspace_id = $1 AND target_id = $2 ORDER BY revision`,
    app.identity.workspaceId,
    ada.actorId,
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'session.create',
    'second_factor.enable',
    'second_factor.codes',
    'second_factor.disable',
  ])
})

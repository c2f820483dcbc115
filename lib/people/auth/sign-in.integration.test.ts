import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withConnection } from '../../db/connect.ts'
import { makeMember, PASSWORD, Visitor, withAccounts } from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { processorTime } from '../../testing/time/processor-time.ts'
import { tokenHash } from './cookies.ts'
import { recognizeSessions } from './identify-session.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  recognizeSessions()
  await withAccounts()
})
afterAll(() => app.close())
beforeEach(() => rows('DELETE FROM sign_in_count'))

async function rows<R extends object>(text: string, ...values: unknown[]): Promise<R[]> {
  return (await app.runtime.database.primary.pool.query<R>(text, values)).rows
}

/** The newest audit rows about sign-in. */
function events(count: number) {
  return rows<{ action: string; target_id: string; target_name: string; actor_id: string; address: string }>(
    `SELECT action, actor_id, target_id, target_name, after, address FROM audit_event
     WHERE workspace_id = $1 AND action LIKE 'session.%' ORDER BY revision DESC LIMIT $2`,
    app.identity.workspaceId,
    count,
  )
}

describe('a right password', () => {
  it('opens a session whose token the database does not have, and is on record', async () => {
    const { email, actorId, personId } = await makeMember(app)
    const visitor = new Visitor()
    const answer = await visitor.signIn(email.toUpperCase())
    expect(answer).toMatchObject({ status: 200, body: { redirect: false, user: { id: personId, email } } })
    expect(JSON.stringify(answer.body)).not.toContain('token')
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^incipit-3000=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/)
    const token = visitor.cookies.get('incipit-3000') ?? ''
    const [session] = await rows<{ token: string }>(
      'SELECT * FROM person_session WHERE person_id = $1',
      personId,
    )
    expect(session).toMatchObject({
      token: tokenHash(token),
      ip_address: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (Visitor)',
      second_factor: false,
    })
    expect(JSON.stringify(session)).not.toContain(token)
    expect(await events(1)).toMatchObject([
      {
        action: 'session.create',
        actor_id: actorId,
        target_id: actorId,
        address: '203.0.113.7',
        after: { way: 'password' },
      },
    ])
    expect(await visitor.actor()).toMatchObject({ id: actorId, role: 'editor', kind: 'person' })
  })

  it('never goes on with a session from before it', async () => {
    const { email } = await makeMember(app)
    const visitor = new Visitor()
    await visitor.signIn(email)
    const before = visitor.cookieHeader()
    await visitor.signIn(email)
    expect(visitor.cookieHeader()).not.toBe(before)
    const planted = new Visitor()
    planted.cookies.set('incipit-3000', before.split('=')[1] ?? '')
    expect((await planted.get('/get-session')).body).toBeNull()
  })

  it('opens none when that cannot be put on record', async () => {
    const { email, personId } = await makeMember(app)
    await withConnection(app.database.ownerUrl, 'test', async (owner) => {
      await owner.query(`CREATE FUNCTION no_audit() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'disk is full' USING ERRCODE = '53100'; END $$`)
      await owner.query(`CREATE TRIGGER no_audit BEFORE INSERT ON audit_event EXECUTE FUNCTION no_audit()`)
      const visitor = new Visitor()
      expect(await visitor.signIn(email)).toMatchObject({ status: 503, body: { code: 'storage_full' } })
      expect(visitor.cookies.size).toBe(0)
      await owner.query('DROP TRIGGER no_audit ON audit_event')
    })
    expect(await rows('SELECT id FROM person_session WHERE person_id = $1', personId)).toEqual([])
  })
})

describe('a refusal', () => {
  const ANSWER = {
    status: 401,
    body: { code: 'unauthenticated', detail: 'The e-mail or the password is wrong.' },
  }

  it('is the same for a wrong password, an unknown e-mail, a deactivated person and one without a password', async () => {
    const ada = await makeMember(app)
    const gone = await makeMember(app)
    await rows('UPDATE person SET deactivated_at = now() WHERE id = $1', gone.personId)
    const out = await makeMember(app)
    await rows(
      'UPDATE member SET deactivated_at = now() WHERE workspace_id = $1 AND person_id = $2',
      app.identity.workspaceId,
      out.personId,
    )
    const { email: without } = await makeMember(app, { password: null })
    const answers = []
    for (const [email, password] of [
      [ada.email, 'a horse of eight colours'],
      ['nobody@example.org', PASSWORD],
      [gone.email, PASSWORD],
      [out.email, PASSWORD],
      [without, PASSWORD],
    ] as const) {
      const visitor = new Visitor()
      const { status, body, headers } = await visitor.signIn(email, password)
      const told = { ...body, request_id: 'of each' }
      answers.push({ status, body: told, headers: [...headers].filter(([name]) => name !== 'x-request-id') })
      expect(visitor.cookies.size).toBe(0)
    }
    expect(answers[0]).toMatchObject(ANSWER)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('of somebody who is known is on record as theirs; of an unknown e-mail without it', async () => {
    const { email, actorId } = await makeMember(app)
    await new Visitor().signIn(email, 'wrong')
    await new Visitor().signIn('Nobody@Example.org', 'wrong')
    const [unknown, known] = await events(2)
    expect(known).toMatchObject({ action: 'session.refuse', actor_id: actorId, target_id: actorId })
    expect(unknown).toMatchObject({
      action: 'session.refuse',
      actor_id: app.identity.systemId,
      target_name: expect.stringMatching(/^unknown [\da-f]{12}$/),
    })
    expect(JSON.stringify(unknown)).not.toMatch(/nobody/i)
  })

  it('costs as much for an unknown e-mail as for a known one', async () => {
    const { email } = await makeMember(app)
    const work = (of: string, n: number) =>
      processorTime(() => new Visitor({ address: `198.51.100.${n}` }).signIn(of, 'wrong'))
    await work(email, 0)
    const [unknown, known]: [number[], number[]] = [[], []]
    for (let n = 1; n <= 5; n++) {
      unknown.push(await work('nobody@example.org', n))
      known.push(await work(email, n))
    }
    const ratio = Math.min(...unknown) / Math.min(...known)
    expect(ratio).toBeGreaterThan(0.4)
    expect(ratio).toBeLessThan(2.5)
  })
})

describe('brute force', () => {
  it('ends after ten tries at one account, in the right order of answers and fields', async () => {
    const { email } = await makeMember(app)
    const visitor = new Visitor()
    for (let n = 0; n < 10; n++) expect((await visitor.signIn(email, `guess ${n}`)).status).toBe(401)
    const { status, body, headers } = await visitor.signIn(email)
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'rate_limited' })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(890)
    expect(headers.get('ratelimit-policy')).toBe('"sign_in";q=10;w=900')
    expect(headers.get('ratelimit')).toMatch(/^"sign_in";r=0;t=\d+$/)
    // Another address is another try, and so is another account.
    expect((await new Visitor({ address: '203.0.113.8' }).signIn(email)).status).toBe(200)
    expect((await visitor.signIn((await makeMember(app)).email)).status).toBe(200)
  })

  it('admits no more when the tries come all at once, on two instances', async () => {
    const { email } = await makeMember(app)
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, n) => new Visitor().signIn(email, `guess ${n}`)),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
  })

  it.each([
    ['/request-password-reset', { email: 'nobody@example.org' }, 204],
    ['/invitation/look', { token: 'guessed' }, 404],
    ['/reset', { token: 'guessed', password: PASSWORD }, 404],
    ['/passkey/verify-authentication', { response: {} }, 401],
  ])('is not hindered by others from the same address who try %s too often', async (path, body, status) => {
    app.runtime.config.security.sign_in_failures_address = 3
    const { email } = await makeMember(app)
    const visitor = new Visitor()
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) statuses.push((await visitor.post(path, body)).status)
    expect(statuses).toEqual([status, status, status, 429])
    expect((await visitor.signIn(email)).status).toBe(200)
    app.runtime.config.security.sign_in_failures_address = 30
  })

  it('ends after thirty failures from one address, whatever the account, and for its whole IPv6 network', async () => {
    for (let n = 0; n < 30; n++) {
      const visitor = new Visitor({ address: `2001:db8:1:2::${n}` })
      expect((await visitor.signIn(`nobody-${n}@example.org`, 'x')).status).toBe(401)
    }
    const { email } = await makeMember(app)
    expect((await new Visitor({ address: '2001:db8:1:2:ffff::1' }).signIn(email)).status).toBe(429)
    expect((await new Visitor({ address: '2001:db8:1:3::1' }).signIn(email)).status).toBe(200)
  })

  it('counts failures alone, and forgets them when the window ends', async () => {
    const { email } = await makeMember(app)
    const visitor = new Visitor()
    for (let n = 0; n < 12; n++) expect((await visitor.signIn(email)).status).toBe(200)
    for (let n = 0; n < 10; n++) await visitor.signIn(email, 'guess')
    expect((await visitor.signIn(email)).status).toBe(429)
    await rows(`UPDATE sign_in_count SET ends_at = now() - interval '1 second'`)
    expect((await visitor.signIn(email)).status).toBe(200)
  })

  it('locks nobody out who is signed in', async () => {
    const { email } = await makeMember(app)
    const ada = new Visitor()
    await ada.signIn(email)
    for (let n = 0; n < 31; n++) await new Visitor().signIn(email, 'guess')
    expect((await new Visitor().signIn(email)).status).toBe(429)
    expect(await ada.actor()).toMatchObject({ role: 'editor' })
    expect((await ada.post('/fresh', { password: PASSWORD })).status).toBe(200)
  })

  it('cannot be hidden behind a forwarding header', async () => {
    const { email } = await makeMember(app)
    for (let n = 0; n < 10; n++)
      await new Visitor().post(
        '/sign-in/email',
        { email, password: 'guess' },
        { 'x-forwarded-for': `198.51.100.${n}`, forwarded: `for=198.51.100.${n}` },
      )
    expect((await new Visitor().signIn(email)).status).toBe(429)
  })
})

describe('what comes in', () => {
  it.each([
    ['a body that is no JSON', 'POST', '/sign-in/email', '{', {}, 400],
    [
      'a form',
      'POST',
      '/sign-in/email',
      'email=a',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
    ],
    ['more than is allowed', 'POST', '/sign-in/email', 'x'.repeat(70_000), {}, 413],
    ['a field too many', 'POST', '/sign-in/email', { email: 'a@b.c', password: 'x', role: 'owner' }, {}, 400],
    ['another origin', 'POST', '/sign-in/email', {}, { origin: 'https://evil.example' }, 403],
    ['an opaque origin', 'POST', '/sign-in/email', {}, { origin: 'null' }, 403],
    ['another port', 'POST', '/sign-in/email', {}, { origin: 'http://localhost:3001' }, 403],
    ['another scheme', 'POST', '/sign-in/email', {}, { origin: 'https://localhost:3000' }, 403],
    ['another host', 'POST', '/sign-in/email', {}, { host: 'evil.example' }, 403],
    ['sign-up', 'POST', '/sign-up/email', {}, {}, 404],
    ['what a library would have besides', 'POST', '/update-user', { role: 'owner' }, {}, 404],
    ['the root', 'GET', '', undefined, {}, 404],
    ['another method', 'DELETE', '/sign-in/email', undefined, {}, 405],
  ] as const)('%s is refused', async (_, method, path, body, headers, status) => {
    const answer = await new Visitor().send(method, path, body, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toMatchObject({ status, type: expect.stringContaining('urn:incipit') })
  })

  it('a change with a session but without an origin is refused', async () => {
    const { email } = await makeMember(app)
    const visitor = new Visitor()
    await visitor.signIn(email)
    expect((await visitor.post('/sign-out', {}, { origin: '' })).status).toBe(403)
    expect((await visitor.get('/get-session')).body).not.toBeNull()
  })
})

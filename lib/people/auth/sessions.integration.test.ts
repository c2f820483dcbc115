import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { ActorStreams } from '../../access/actor-streams.ts'
import { currentRights } from '../../access/current-rights.ts'
import { identify, REST_TAKES } from '../../access/identify.ts'
import { assertMay } from '../../access/rights.ts'
import { change } from '../../db/change.ts'
import { getRuntime, setRuntime } from '../../runtime.ts'
import {
  makeMember,
  PASSWORD,
  type TestPerson,
  Visitor,
  withAccounts,
} from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { deleteOldCounts } from './attempts.ts'
import { newToken } from './cookies.ts'
import { recognizeSessions } from './identify-session.ts'
import { deleteOldSessions, endSessions } from './sessions.ts'

let app: TestRuntime
let ada: TestPerson
let visitor: Visitor
beforeAll(async () => {
  app = await testRuntime({ feed: true })
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

const refused = (who: Visitor) => who.actor().catch((error: { code: string }) => error.code)

async function sessionOf({ personId }: TestPerson): Promise<Record<string, unknown>> {
  const [row] = await query('SELECT * FROM person_session WHERE person_id = $1', personId)
  return row ?? {}
}

describe('a session', () => {
  it('ends its streams when it ends, and lets them go on for as long as it is used', async () => {
    await query(
      `UPDATE person_session SET seen_at = now() - interval '7 days' + interval '600 milliseconds' WHERE person_id = $1`,
      ada.personId,
    )
    const streams = new ActorStreams({ limit: 10, feed: app.runtime.feed })
    const { promise: ended, resolve } = Promise.withResolvers<number>()
    const sink = { write: () => true, onDrain: () => undefined, end: () => resolve(performance.now()) }
    streams.open(await visitor.actor(), sink, () => () => undefined)
    const begun = performance.now()
    await query(
      `UPDATE person_session SET expires_at = now() + interval '900 milliseconds', seen_at = now() WHERE person_id = $1`,
      ada.personId,
    )
    expect((await ended) - begun).toBeGreaterThan(700)
    expect(streams.size).toBe(0)
  })

  it('is served at once while an address elsewhere sends many that were made up', async () => {
    const ask = (cookie: string, address: string) =>
      identify({ header: (name) => (name === 'cookie' ? cookie : undefined), address }, REST_TAKES)
    const codes: string[] = []
    const flood = Array.from({ length: 1500 }, () =>
      ask(`incipit-3000=${newToken()}`, '203.0.113.7').catch(({ code }: { code: string }) =>
        codes.push(code),
      ),
    )
    expect((await ask(visitor.cookieHeader(), '203.0.113.8')).id).toBe(ada.actorId)
    await Promise.all(flood)
    expect(new Set(codes)).toEqual(new Set(['rate_limited', 'unauthenticated']))
  })

  it('ends at once by signing out, and its cookie is deleted', async () => {
    const copy = new Visitor()
    for (const [name, value] of visitor.cookies) copy.cookies.set(name, value)
    expect((await copy.actor()).id).toBe(ada.actorId)
    const answer = await visitor.post('/sign-out')
    expect(answer.headers.getSetCookie()).toEqual([
      'incipit-3000=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ])
    expect(await refused(copy)).toBe('unauthenticated')
    expect(await currentRights(app.actor())).toBeUndefined()
  })

  it('ends at once when somebody else signs in with the browser', async () => {
    const copy = new Visitor()
    for (const [name, value] of visitor.cookies) copy.cookies.set(name, value)
    expect((await copy.actor()).id).toBe(ada.actorId)
    const ben = await makeMember(app, { name: 'Ben' })
    await visitor.signIn(ben.email)
    expect((await visitor.actor()).id).toBe(ben.actorId)
    expect(await refused(copy)).toBe('unauthenticated')
  })

  it('ends when it is idle for a week, and after thirty days in any case', async () => {
    const { id } = await sessionOf(ada)
    await query(`UPDATE person_session SET seen_at = now() - interval '6 days 23 hours' WHERE id = $1`, id)
    expect((await visitor.get('/get-session')).body.session.id).toBe(id)
    await query(`UPDATE person_session SET seen_at = now() - interval '7 days 1 minute' WHERE id = $1`, id)
    expect((await visitor.get('/get-session')).body).toBeNull()
    await query(`UPDATE person_session SET seen_at = now(), expires_at = now() WHERE id = $1`, id)
    expect((await visitor.get('/get-session')).body).toBeNull()
    await deleteOldSessions()
    await deleteOldCounts()
    expect(await query('SELECT id FROM person_session WHERE id = $1', id)).toEqual([])
  })

  it('is seen without a statement for each request', async () => {
    const { id } = await sessionOf(ada)
    await query(`UPDATE person_session SET seen_at = now() - interval '1 day' WHERE id = $1`, id)
    for (let n = 0; n < 5; n++) await visitor.actor()
    const seen: Set<string> = getRuntime().once('people.seen', () => new Set())
    expect(seen.has(String(id))).toBe(true)
  })

  it('is one of several, which are listed without their tokens and ended one by one', async () => {
    const other = new Visitor({ address: '198.51.100.9' })
    await other.signIn(ada.email)
    const { list } = await visitor.get('/list-sessions')
    expect(list).toMatchObject([
      { ipAddress: '198.51.100.9', current: false },
      { ipAddress: '203.0.113.7', current: true, userAgent: 'Mozilla/5.0 (Visitor)' },
    ])
    for (const { token, id } of list) expect(token).toBe(id)
    expect(await other.actor()).toMatchObject({ id: ada.actorId })
    await visitor.post('/revoke-session', { token: list[0]?.token })
    expect(await refused(other)).toBe('unauthenticated')
    expect((await visitor.post('/revoke-session', { token: list[0]?.token })).status).toBe(404)
  })

  it('of somebody else is not found', async () => {
    const bob = await makeMember(app)
    const theirs = new Visitor()
    await theirs.signIn(bob.email)
    const { id } = await sessionOf(bob)
    expect((await visitor.post('/revoke-session', { token: id })).status).toBe(404)
    expect(await theirs.actor()).toMatchObject({ id: bob.actorId })
  })

  it('outlives all others when those are ended', async () => {
    const others = [new Visitor(), new Visitor()]
    for (const each of others) await each.signIn(ada.email)
    await visitor.post('/revoke-other-sessions')
    for (const each of others) expect(await refused(each)).toBe('unauthenticated')
    expect((await visitor.actor()).id).toBe(ada.actorId)
  })

  it('makes room: nobody keeps more than the configuration allows', async () => {
    const { security } = app.runtime.config
    const rows = Array.from({ length: security.sessions + 5 }, (_, n) => `('${n}')`)
    await query(
      `INSERT INTO person_session (id, person_id, token, expires_at, seen_at)
       SELECT gen_random_uuid(), $1, n, now() + interval '1 day', now() - interval '1 day'
       FROM (VALUES ${rows.join(', ')}) AS many (n)`,
      ada.personId,
    )
    await new Visitor().signIn(ada.email)
    expect(await query('SELECT id FROM person_session WHERE person_id = $1', ada.personId)).toHaveLength(
      security.sessions,
    )
    expect((await visitor.get('/get-session')).body).not.toBeNull()
  })
})

describe('rights', () => {
  const roleNow = () =>
    visitor.actor().then(({ role, categories }) => ({ role, categories: categories && [...categories] }))

  /** As the operations of members do it. */
  async function alter(set: string): Promise<void> {
    await change(app.actor(), async ({ tx, record }) => {
      await tx.$executeRawUnsafe(
        `UPDATE member SET ${set} WHERE workspace_id = '${app.identity.workspaceId}' AND actor_id = '${ada.actorId}'`,
      )
      record({ action: 'member.update', target: { kind: 'actor', id: ada.actorId, name: 'Ada' } })
    })
  }

  it('are those of the membership at every request', async () => {
    expect(await roleNow()).toEqual({ role: 'editor', categories: null })
    const category = 'a7f5f354-26b0-7d58-8b67-3d2f1d0b3a11'
    await alter(`role = 'viewer', all_categories = false, category_ids = '{${category}}'`)
    expect(await roleNow()).toEqual({ role: 'viewer', categories: [category] })
    await alter(`deactivated_at = now()`)
    expect(await refused(visitor)).toBe('unauthenticated')
    expect(await visitor.get('/list-sessions')).toMatchObject({ status: 401 })
  })

  it('are lost on another instance within two seconds', async () => {
    const second = app.secondInstance()
    setRuntime(second)
    recognizeSessions()
    await withAccounts()
    await second.feed.start()
    const there: Actor = await visitor.actor()
    expect(there.role).toBe('editor')
    setRuntime(app.runtime)
    await visitor.post('/sign-out')
    const elsewhere = new Visitor()
    await elsewhere.signIn(ada.email)
    setRuntime(second)
    await expect.poll(async () => currentRights(there), { timeout: 2000 }).toBeUndefined()
    await second.close()
    setRuntime(app.runtime)
  })

  it('of background work go on after the session, and not after the membership', async () => {
    const actor = await visitor.actor()
    await visitor.post('/sign-out')
    expect(await currentRights(actor)).toBeUndefined()
    expect(await currentRights(actor, { background: true })).toMatchObject({ role: 'editor' })
    await alter(`deactivated_at = now()`)
    expect(await currentRights(actor, { background: true })).toBeUndefined()
  })

  it('end with all sessions of a person', async () => {
    await change(app.actor(), async ({ tx, record }) => {
      expect(await endSessions(tx, ada.personId)).toBe(1)
      record({ action: 'session.revoke', target: { kind: 'actor', id: ada.actorId, name: 'Ada' } })
    })
    expect(await refused(visitor)).toBe('unauthenticated')
  })
})

describe('a proof', () => {
  const age = (minutes: number) =>
    query(
      `UPDATE person_session SET signed_in_at = now() - make_interval(mins => $2) WHERE person_id = $1`,
      ada.personId,
      minutes,
    )

  it('is new for fifteen minutes, and is given again without leaving the page, under a new token', async () => {
    expect((await visitor.get('/passkey/generate-register-options')).status).toBe(200)
    await age(16)
    expect(await visitor.get('/passkey/generate-register-options')).toMatchObject({
      status: 403,
      body: { code_hint: 'fresh_sign_in_required' },
    })
    const before = visitor.cookies.get('incipit-3000')
    expect(await visitor.post('/fresh', { password: 'wrong' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: ['password'], code: 'wrong' }] },
    })
    const { status, body } = await visitor.post('/fresh', { password: PASSWORD })
    expect(status).toBe(200)
    expect(Date.parse(body.fresh_until) - Date.now()).toBeGreaterThan(14 * 60_000)
    expect(visitor.cookies.get('incipit-3000')).not.toBe(before)
    expect((await visitor.get('/passkey/generate-register-options')).status).toBe(200)
    const { credential } = await visitor.actor()
    expect(credential).toMatchObject({ kind: 'session', personId: ada.personId })
  })

  it('is one thing at a time', async () => {
    expect((await visitor.post('/fresh', {})).status).toBe(400)
    expect((await visitor.post('/fresh', { password: PASSWORD, code: '123456' })).status).toBe(400)
  })

  it('cannot be guessed: ten tries for a person, from wherever', async () => {
    for (let n = 0; n < 10; n++) await visitor.post('/fresh', { password: `guess ${n}` })
    expect((await visitor.post('/fresh', { password: PASSWORD })).status).toBe(429)
    expect((await visitor.actor()).id).toBe(ada.actorId)
  })
})

it('a session without its second factor has no right, and every refusal says why', async () => {
  const { security } = app.runtime.config
  security.second_factor_roles.push('editor')
  try {
    const fresh = new Visitor()
    await fresh.signIn(ada.email)
    const actor = await fresh.actor()
    expect(actor).toMatchObject({ role: 'editor', must: 'second_factor' })
    expect(actor.scopes.size).toBe(0)
    expect(() => assertMay(actor, 'prompts:read')).toThrow(/must have a second factor/)
  } finally {
    security.second_factor_roles.pop()
  }
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '../../audit/operations/list-audit.ts'
import { change } from '../../db/change.ts'
import { type SignedIn, secretOf, signInAs, visit } from '../../testing/accounts/people.ts'
import { withAccounts } from '../../testing/accounts/visitor.ts'
import { waitUntilBlocked } from '../../testing/blocked.ts'
import { makeOtherWorkspace } from '../../testing/factories.ts'
import { uniqueName } from '../../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { findByEmail } from '../auth/member.ts'
import { isPassword } from '../auth/passwords.ts'
import { setPassword } from '../auth/people.ts'
import { createReset } from '../operations/create-reset.ts'
import { listMembers } from '../operations/list-members.ts'
import { patchMember } from '../operations/patch-member.ts'
import { removeMember } from '../operations/remove-member.ts'
import { resetPassword } from './reset.ts'

const PASSWORD = 'a horse of seven colours'

let app: TestRuntime
let owner: SignedIn
beforeAll(async () => {
  app = await testRuntime({ security: { sign_in_failures_address: 1000 } })
  await withAccounts()
  owner = await signInAs(app.actor(), 'owner')
})
afterAll(() => app.close())

const again = ({ actor }: SignedIn) => actorLike(actor)
const link = async (of: SignedIn) => secretOf((await createReset(again(owner), { id: of.actor.id })).url)
const reset = (token: string, password = PASSWORD) => resetPassword(visit(), { token, password })
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, message }: Error & { code: string }) => ({ code, message }),
  )
const query = async (text: string, values: unknown[] = []) =>
  (await app.runtime.database.primary.pool.query(text, values)).rows

describe('a link for a new password', () => {
  it('changes it once, ends all sessions, signs nobody in and leaves the second factor', async () => {
    const ann = await signInAs(app.actor(), 'admin')
    await query('UPDATE person SET two_factor_enabled = true WHERE id = $1', [ann.personId])
    const made = await createReset(again(owner), { id: ann.actor.id })
    expect(made.url).toMatch(/\/reset#[\w-]{43}$/)
    expect(Date.parse(made.expires_at) - Date.now()).toBeLessThanOrEqual(3_600_000)
    expect(JSON.stringify(await query('SELECT * FROM person_reset'))).not.toContain(secretOf(made.url))
    expect(await reset(secretOf(made.url))).toEqual({ status: 204 })
    const found = await findByEmail(ann.email)
    expect(await isPassword(found?.password, PASSWORD)).toBe(true)
    expect(found?.hasTotp).toBe(true)
    expect(await query('SELECT FROM person_session WHERE person_id = $1', [ann.personId])).toEqual([])
    expect((await listAudit(again(owner), { limit: 2 })).items).toMatchObject([
      { action: 'password.reset', actor: { id: ann.actor.id }, target: { kind: 'actor', id: ann.actor.id } },
      { action: 'reset.create', actor: { id: owner.actor.id } },
    ])
  })

  it('answers alike when it is unknown, used, expired, or of somebody who may not sign in', async () => {
    const people = await Promise.all([1, 2, 3].map(() => signInAs(app.actor(), 'viewer')))
    const [used = '', expired = '', away = ''] = await Promise.all(people.map(link))
    await reset(used)
    await query(`UPDATE person_reset SET expires_at = now() - interval '1 second' WHERE person_id = $1`, [
      people[1]?.personId,
    ])
    const id = people[2]?.actor.id ?? ''
    const etag = (await listMembers(again(owner), {})).items.find((member) => member.id === id)?.etag ?? ''
    await patchMember(again(owner), { id, if_match: etag, deactivated: true })
    const answers = await Promise.all(['unknown', used, expired, away].map((token) => outcome(reset(token))))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]?.code).toBe('not_found')
  })

  it('is used once by many at once, and takes the others of that person with it', async () => {
    const ann = await signInAs(app.actor(), 'viewer')
    const first = await link(ann)
    const second = await link(ann)
    expect((await outcome(reset(first, 'short')))?.code).toBe('invalid_input')
    const codes = await Promise.all(Array.from({ length: 6 }, () => outcome(reset(first))))
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    expect((await outcome(reset(second)))?.code).toBe('not_found')
  })

  it('ends with another role, and with another password', async () => {
    const [ann, ben] = [await signInAs(app.actor(), 'viewer'), await signInAs(app.actor(), 'viewer')]
    const [ofAnn, ofBen] = [await link(ann), await link(ben)]
    const { id } = ann.actor
    const if_match =
      (await listMembers(again(owner), {})).items.find((member) => member.id === id)?.etag ?? ''
    await patchMember(again(owner), { id, if_match, role: 'admin' })
    await change(app.actor(), ({ tx }) => setPassword(tx, ben.personId, 'of another password'))
    for (const token of [ofAnn, ofBen]) expect((await outcome(reset(token)))?.code).toBe('not_found')
  })

  const etagOf = async (id: string) =>
    (await listMembers(again(owner), {})).items.find((member) => member.id === id)?.etag ?? ''
  const WAYS = {
    removed: async (id: string) => removeMember(again(owner), { id, if_match: await etagOf(id) }),
    deactivated: async (id: string) =>
      patchMember(again(owner), { id, if_match: await etagOf(id), deactivated: true }),
    lowered: async (id: string) =>
      patchMember(again(owner), { id, if_match: await etagOf(id), role: 'editor' }),
    // By nothing that tells of it: the link is looked at when it is used.
    'lowered unnoticed': async (id: string) =>
      query(`UPDATE member SET role = 'editor' WHERE actor_id = $1`, [id]),
    'deactivated unnoticed': async (id: string) =>
      query('UPDATE member SET deactivated_at = now() WHERE actor_id = $1', [id]),
  }

  it.each(Object.entries(WAYS))('is no good any more when who made it was %s', async (_, end) => {
    const [admin, ann] = [await signInAs(app.actor(), 'admin'), await signInAs(app.actor(), 'editor')]
    const made = await createReset(again(admin), { id: ann.actor.id })
    await end(admin.actor.id)
    expect((await outcome(reset(secretOf(made.url))))?.code).toBe('not_found')
    expect((await findByEmail(ann.email))?.password).toBe('of no password')
  })

  it('is no good for somebody whom its maker may not change any more, and does not come back', async () => {
    const [admin, ann] = [await signInAs(app.actor(), 'admin'), await signInAs(app.actor(), 'editor')]
    const [above, elsewhere] = [1, 2].map(() => createReset(again(admin), { id: ann.actor.id }))
    const [first, second] = [secretOf((await above)?.url ?? ''), secretOf((await elsewhere)?.url ?? '')]
    await query(`UPDATE member SET role = 'admin' WHERE actor_id = $1`, [ann.actor.id])
    expect((await outcome(reset(first)))?.code).toBe('not_found')
    await query(`UPDATE member SET role = 'editor' WHERE actor_id = $1`, [ann.actor.id])
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    await signInAs(other, 'owner', { personId: ann.personId })
    expect((await outcome(reset(second)))?.code).toBe('not_found')
  })

  it('is used or ended, not both, when its maker is removed at that moment', async () => {
    const [admin, ann] = [await signInAs(app.actor(), 'admin'), await signInAs(app.actor(), 'editor')]
    const made = await createReset(again(admin), { id: ann.actor.id })
    const { pool } = app.runtime.database.primary
    const removal = await pool.connect()
    try {
      await removal.query('BEGIN')
      await removal.query(`UPDATE member SET role = 'editor' WHERE actor_id = $1`, [admin.actor.id])
      const used = outcome(reset(secretOf(made.url)))
      await waitUntilBlocked(app.database.url)
      await removal.query('COMMIT')
      expect((await used)?.code).toBe('not_found')
    } finally {
      removal.release()
    }
  })

  it('ends a sign-in under way with the password of before', async () => {
    const ann = await signInAs(app.actor(), 'viewer')
    const value = JSON.stringify({ personId: ann.personId })
    await query(
      `INSERT INTO person_verification (id, identifier, value, expires_at)
       VALUES (gen_random_uuid(), 'factor:of ann', $1, now() + interval '1 hour')`,
      [value],
    )
    await reset(await link(ann))
    expect(await query('SELECT FROM person_verification WHERE value = $1', [value])).toEqual([])
  })

  it('is not made for oneself', async () => {
    expect((await outcome(createReset(again(owner), { id: owner.actor.id })))?.code).toBe('conflict')
  })
})

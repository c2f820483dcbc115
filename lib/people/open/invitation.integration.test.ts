import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '../../audit/operations/list-audit.ts'
import { change } from '../../db/change.ts'
import { type SignedIn, secretOf, signInAs, visit } from '../../testing/accounts/people.ts'
import { withAccounts } from '../../testing/accounts/visitor.ts'
import { waitUntilBlocked } from '../../testing/blocked.ts'
import { makeCategory, makeOtherWorkspace } from '../../testing/factories.ts'
import { uniqueName } from '../../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { setCookie, tokenHash } from '../auth/cookies.ts'
import { findByEmail } from '../auth/member.ts'
import { createPerson } from '../auth/people.ts'
import { createInvitation } from '../operations/create-invitation.ts'
import { deleteInvitation } from '../operations/delete-invitation.ts'
import { listInvitations } from '../operations/list-invitations.ts'
import { listMembers } from '../operations/list-members.ts'
import { patchMember } from '../operations/patch-member.ts'
import { removeMember } from '../operations/remove-member.ts'
import { type CreateInvitationInput, Invitation } from '../schema.ts'
import { acceptInvitation, lookAtInvitation } from './invitation.ts'

const PASSWORD = 'a horse of seven colours'

let app: TestRuntime
let owner: SignedIn
beforeAll(async () => {
  app = await testRuntime({ security: { sign_in_failures_address: 1000 } })
  await withAccounts()
  owner = await signInAs(app.actor(), 'owner', { name: 'Olga' })
  await makeCategory(app.actor(), { slug: 'legal' })
})
afterAll(() => app.close())

const again = ({ actor }: SignedIn) => actorLike(actor)
const mail = () => `${uniqueName('new')}@example.org`
const invite = (input: Partial<CreateInvitationInput> = {}, by = owner) =>
  createInvitation(again(by), { email: mail(), role: 'editor', ...input })
const accept = (url: string, who: object = { name: 'Nina', password: PASSWORD }) =>
  acceptInvitation(visit(), { token: secretOf(url), ...who })
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, message }: Error & { code: string }) => ({ code, message }),
  )
const codeOf = async (call: Promise<unknown>) => (await outcome(call))?.code

describe('an invitation', () => {
  it('is looked at, accepted once, and makes a member with its role and categories', async () => {
    const made = await invite({ role: 'publisher', categories: ['legal'] })
    expect(Invitation.parse(made)).toMatchObject({ invited_by: { display: 'Olga' }, categories: ['legal'] })
    expect(made.url).toMatch(/\/invitation#[\w-]{43}$/)
    expect(made.mailed).toBe(false)
    expect(await lookAtInvitation(visit(), { token: secretOf(made.url) })).toEqual({
      body: {
        email: made.email,
        role: 'publisher',
        workspace: 'default',
        invited_by: 'Olga',
        has_account: false,
      },
    })
    const answer = await accept(made.url)
    expect(answer).toMatchObject({ status: 201, body: { role: 'publisher' } })
    expect(answer.cookie).toBeDefined()
    const member = (await listMembers(again(owner), {})).items.find(({ email }) => email === made.email)
    expect(member).toMatchObject({ name: 'Nina', role: 'publisher', categories: ['legal'] })
    expect(await findByEmail(made.email)).toMatchObject({ emailVerified: false })
    expect((await listAudit(again(owner), { limit: 2 })).items.map(({ action }) => action)).toEqual([
      'session.create',
      'member.create',
    ])
  })

  it('answers alike when it is unknown, used, expired, taken back or replaced', async () => {
    const used = await invite()
    await accept(used.url)
    const expired = await invite()
    await app.runtime.database.primary.pool.query(
      `UPDATE invitation SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [expired.id],
    )
    const back = await invite()
    await deleteInvitation(again(owner), { id: back.id })
    const replaced = await invite()
    const newer = await invite({ email: replaced.email })
    const answers = await Promise.all(
      ['#no', used.url, expired.url, back.url, replaced.url].flatMap((url) => [
        outcome(lookAtInvitation(visit(), { token: secretOf(url) })),
        outcome(accept(url)),
      ]),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ code: 'not_found' })
    const open = (await listInvitations(again(owner))).items
    expect(open.map(({ id }) => id)).toEqual([newer.id])
    expect(await codeOf(deleteInvitation(again(owner), { id: back.id }))).toBe('not_found')
  })

  it('is accepted once by many at once', async () => {
    const { url, email } = await invite()
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(accept(url))))
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    const { rows } = await app.runtime.database.primary.pool.query('SELECT FROM person WHERE email = $1', [
      email,
    ])
    expect(rows).toHaveLength(1)
  })

  it('gives no role that its maker may not give', async () => {
    const admin = await signInAs(app.actor(), 'admin')
    for (const role of ['admin', 'owner'] as const)
      expect(await codeOf(invite({ role }, admin))).toBe('forbidden')
    const { id, url } = await invite({ role: 'owner' })
    expect(await codeOf(deleteInvitation(again(admin), { id }))).toBe('forbidden')
    expect(await codeOf(accept(url))).toBeUndefined()
    expect(await codeOf(invite({ role: 'admin', categories: ['legal'] }))).toBe('unprocessable')
    expect(await codeOf(invite({ categories: ['none'] }))).toBe('unprocessable')
  })

  it('ends with the right of its maker to invite', async () => {
    for (const way of ['lowered', 'removed'] as const) {
      const admin = await signInAs(app.actor(), 'admin')
      const { url } = await invite({}, admin)
      const id = admin.actor.id
      const if_match = (await listMembers(again(owner), {})).items.find((each) => each.id === id)?.etag ?? ''
      if (way === 'lowered') await patchMember(again(owner), { id, if_match, role: 'editor' })
      else await removeMember(again(owner), { id, if_match })
      expect(await codeOf(accept(url))).toBe('not_found')
    }
  })

  it.each([`role = 'editor'`, 'deactivated_at = now()'])(
    'gives nothing when its maker lost the right by whatever: %s',
    async (set) => {
      const admin = await signInAs(app.actor(), 'admin')
      const { url } = await invite({}, admin)
      await app.runtime.database.primary.pool.query(`UPDATE member SET ${set} WHERE actor_id = $1`, [
        admin.actor.id,
      ])
      expect(await codeOf(lookAtInvitation(visit(), { token: secretOf(url) }))).toBe('not_found')
      expect(await codeOf(accept(url))).toBe('not_found')
    },
  )

  it('of an owner who is an admin from now on ends, where an admin could not have made it', async () => {
    const other = await signInAs(app.actor(), 'owner')
    const [above, below] = [await invite({ role: 'owner' }, other), await invite({}, other)]
    const { id } = other.actor
    const if_match = (await listMembers(again(owner), {})).items.find((each) => each.id === id)?.etag ?? ''
    await patchMember(again(owner), { id, if_match, role: 'admin' })
    expect(await codeOf(accept(above.url))).toBe('not_found')
    expect(await codeOf(accept(below.url))).toBeUndefined()
  })

  it('sets no password of somebody who became a member elsewhere while it was accepted', async () => {
    const made = await invite()
    const personId = await change(app.actor(), ({ tx }) =>
      createPerson(tx, { email: made.email, name: 'Nina' }),
    )
    const elsewhere = await makeOtherWorkspace(uniqueName('workspace').replace('_', '-'))
    const { pool } = app.runtime.database.primary
    const other = await pool.connect()
    try {
      await other.query('BEGIN')
      await other.query('SELECT FROM person WHERE id = $1 FOR UPDATE', [personId])
      const accepting = codeOf(accept(made.url))
      await waitUntilBlocked(app.database.url)
      await other.query(
        `INSERT INTO actor (id, workspace_id, kind, display) VALUES ($1, $2, 'person', 'Nina')`,
        [personId, elsewhere.workspaceId],
      )
      await other.query(
        `INSERT INTO member (workspace_id, actor_id, person_id, role, created_by) VALUES ($1, $2, $2, 'viewer', $2)`,
        [elsewhere.workspaceId, personId],
      )
      await other.query('COMMIT')
      expect(await accepting).toBe('conflict')
    } finally {
      other.release()
    }
    expect((await findByEmail(made.email))?.password).toBeNull()
  })

  it('is not made for a member, nor without accounts, nor past the limit', async () => {
    expect(await codeOf(invite({ email: owner.email }))).toBe('conflict')
    const { config } = app.runtime
    const { invitations } = config.limits
    config.limits.invitations = (await listInvitations(again(owner))).items.length
    expect(await codeOf(invite())).toBe('too_large')
    config.limits.invitations = invitations
  })

  it('asks for a name and a good password', async () => {
    const { url, email } = await invite()
    for (const who of [
      { name: 'N' },
      { password: PASSWORD },
      { name: 'N', password: 'short' },
      { name: 'N', password: email },
    ])
      expect(await codeOf(accept(url, who))).toBe('invalid_input')
    expect(await codeOf(accept(url))).toBeUndefined()
  })
})

describe('an invitation of somebody who has an account', () => {
  it('is accepted by that person alone, who signs in first', async () => {
    const elsewhere = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const theirs = await signInAs(elsewhere, 'viewer', { name: 'Nora' })
    const { url } = await invite({ email: theirs.email })
    const token = secretOf(url)
    expect(await lookAtInvitation(visit(), { token })).toMatchObject({ body: { has_account: true } })
    expect(await codeOf(accept(url))).toBe('conflict')
    const { pool } = app.runtime.database.primary
    const signedIn = async ({ sessionId }: SignedIn) => {
      const secret = `${sessionId.replaceAll('-', '')}${'x'.repeat(11)}`
      await pool.query('UPDATE person_session SET token = $2 WHERE id = $1', [sessionId, tokenHash(secret)])
      return { ...visit(), cookies: setCookie('session', secret, 60).split(';')[0] }
    }
    expect(await codeOf(acceptInvitation(await signedIn(owner), { token }))).toBe('conflict')
    expect(await codeOf(acceptInvitation(await signedIn(theirs), { token }))).toBeUndefined()
    const { rows } = await pool.query('SELECT FROM member WHERE person_id = $1', [theirs.personId])
    expect(rows).toHaveLength(2)
    expect((await findByEmail(theirs.email))?.password).toBe('of no password')
  })

  it('lets somebody who was removed begin anew', async () => {
    const first = await signInAs(app.actor(), 'editor')
    const member = (await listMembers(again(owner), {})).items.find(({ id }) => id === first.actor.id)
    await removeMember(again(owner), { id: first.actor.id, if_match: member?.etag ?? '' })
    const { pool } = app.runtime.database.primary
    await pool.query(
      `INSERT INTO person_passkey (id, person_id, name, credential_id, public_key, counter, backed_up)
       VALUES (gen_random_uuid(), $1, 'Of before', 'of before', '', 0, false)`,
      [first.personId],
    )
    await pool.query('UPDATE person SET two_factor_enabled = true WHERE id = $1', [first.personId])
    const { url } = await invite({ email: first.email })
    expect(await codeOf(accept(url))).toBeUndefined()
    // Whoever has the address now may be somebody else.
    expect(
      (await pool.query('SELECT FROM person_passkey WHERE person_id = $1', [first.personId])).rows,
    ).toEqual([])
    expect(await findByEmail(first.email)).toMatchObject({ hasTotp: false })
    expect(await findByEmail(first.email)).toMatchObject({ personId: first.personId, name: 'Nina' })
  })
})

describe('another workspace', () => {
  it('neither sees invitations nor takes them back', async () => {
    const made = await invite()
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const theirs = await signInAs(other, 'owner')
    expect((await listInvitations(again(theirs))).items).toEqual([])
    expect(await codeOf(deleteInvitation(again(theirs), { id: made.id }))).toBe('not_found')
    const same = await createInvitation(again(theirs), { email: made.email, role: 'viewer' })
    expect(await codeOf(accept(made.url))).toBeUndefined()
    // The second one waits until that person signs in.
    expect(await codeOf(accept(same.url))).toBe('conflict')
  })
})

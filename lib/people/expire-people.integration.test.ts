import { afterAll, beforeAll, expect, it } from 'vitest'
import { listAudit } from '../audit/operations/list-audit.ts'
import { UPKEEP } from '../boot/boot.ts'
import { type SignedIn, secretOf, signInAs, visit } from '../testing/accounts/people.ts'
import { withAccounts } from '../testing/accounts/visitor.ts'
import { makeOtherWorkspace } from '../testing/factories.ts'
import { uniqueName } from '../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createMember } from './auth/people.ts'
import { forgetPeople } from './expire-people.ts'
import { acceptInvitation } from './open/invitation.ts'
import { createInvitation } from './operations/create-invitation.ts'
import { deleteInvitation } from './operations/delete-invitation.ts'
import { eraseMember } from './operations/erase-member.ts'
import { listMembers } from './operations/list-members.ts'
import { removeMember } from './operations/remove-member.ts'
import { ERASED_NAME } from './rules.ts'

let app: TestRuntime
let owner: SignedIn
beforeAll(async () => {
  app = await testRuntime({ security: { sign_in_failures_address: 1000 } })
  await withAccounts()
  owner = await signInAs(app.actor(), 'owner', { name: 'Olga' })
})
afterAll(() => app.close())

const again = ({ actor }: SignedIn) => actorLike(actor)
const query = async (text: string, ...values: unknown[]) =>
  (await app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows
const invite = () =>
  createInvitation(again(owner), { email: `${uniqueName('new')}@example.org`, role: 'editor' })

/** A step of the upkeep, as the server runs it. */
const upkeep = async (name: string) => {
  const step = UPKEEP.find((each) => each.name === name)
  expect(step).toBeDefined()
  return step?.run(new Date())
}

it('invitations that are over are forgotten after a while, open ones are not', async () => {
  const [accepted, back, expired, open] = [await invite(), await invite(), await invite(), await invite()]
  const all = [accepted, back, expired, open].map(({ id }) => id)
  const left = async () =>
    (await query('SELECT id FROM invitation WHERE id = ANY ($1)', all)).map(({ id }) => id)
  await acceptInvitation(visit(), {
    token: secretOf(accepted.url),
    name: 'N',
    password: 'a horse of colours',
  })
  await deleteInvitation(again(owner), { id: back.id })
  await query('UPDATE invitation SET expires_at = now() WHERE id = $1', expired.id)
  await upkeep('expire_invitations')
  expect(await left()).toHaveLength(4)
  await query(
    `UPDATE invitation SET ended_at = ended_at - interval '31 days', expires_at = expires_at - interval '31 days'
     WHERE id = ANY ($1)`,
    [accepted.id, back.id, expired.id],
  )
  app.runtime.config.security.ended_invitation_days = 0
  await upkeep('expire_invitations')
  expect(await left()).toHaveLength(4)
  app.runtime.config.security.ended_invitation_days = 30
  expect(await upkeep('expire_invitations')).toBe(false)
  expect(await left()).toEqual([open.id])
  const { items } = await listAudit(again(owner), { kind: 'invitation' })
  expect(JSON.stringify(items)).not.toContain(back.email)
  const nameOf = (invitation: string) => items.find(({ target }) => target.id === invitation)?.target.name
  expect([nameOf(back.id), nameOf(open.id)]).toEqual(['Forgotten e-mail', open.email])
})

async function removedMember(days: number): Promise<SignedIn> {
  const ann = await signInAs(app.actor(), 'editor', { name: 'Ann Away' })
  const { items } = await listMembers(again(owner), { limit: 100 })
  const etag = items.find(({ id }) => id === ann.actor.id)?.etag ?? ''
  await removeMember(again(owner), { id: ann.actor.id, if_match: etag })
  await query(
    'UPDATE former_member SET removed_at = now() - make_interval(days => $2) WHERE actor_id = $1',
    ann.actor.id,
    days,
  )
  return ann
}

const keptOf = ({ personId }: SignedIn) =>
  query(
    `SELECT p.email, (SELECT count(*)::int FROM person_login l WHERE l.person_id = p.id AND l.password IS NOT NULL) AS logins
     FROM person p WHERE p.id = $1`,
    personId,
  )

it('of removed members e-mail and ways to sign in are forgotten after a year; who is one somewhere keeps them', async () => {
  const [long, lately, elsewhere] = [
    await removedMember(366),
    await removedMember(364),
    await removedMember(366),
  ]
  await signInAs(await makeOtherWorkspace(uniqueName('other').replace('_', '-')), 'viewer', {
    personId: elsewhere.personId,
  })
  app.runtime.config.security.removed_member_days = 0
  await upkeep('forget_former_members')
  expect(await keptOf(long)).toEqual([{ email: long.email, logins: 1 }])
  app.runtime.config.security.removed_member_days = 365
  expect(await upkeep('forget_former_members')).toBe(false)
  expect(await keptOf(long)).toEqual([{ email: `forgotten-${long.personId}`, logins: 0 }])
  expect(await keptOf(lately)).toEqual([{ email: lately.email, logins: 1 }])
  expect(await keptOf(elsewhere)).toEqual([{ email: elsewhere.email, logins: 1 }])
  expect(await query('SELECT display FROM actor WHERE id = $1', long.actor.id)).toEqual([
    { display: 'Ann Away' },
  ])
  // The name goes when an owner says so.
  await eraseMember(again(owner), { id: long.actor.id })
  expect(await query('SELECT display FROM actor WHERE id = $1', long.actor.id)).toEqual([
    { display: ERASED_NAME },
  ])
})

it('of a removed member who joins anew at that moment nothing is forgotten', async () => {
  const ann = await removedMember(366)
  const { prisma } = app.runtime.database.primary
  const joins = {
    workspaceId: app.identity.workspaceId,
    personId: ann.personId,
    name: 'Ann',
    role: 'editor',
  } as const
  await prisma.$transaction(async (tx) => {
    const join = await createMember(tx, joins)
    // Not saved yet, and nobody waits for it.
    expect(await upkeep('forget_former_members')).toBe(false)
    expect(join).not.toBe(ann.actor.id)
  })
  expect(await keptOf(ann)).toEqual([{ email: ann.email, logins: 1 }])
  // Saved between the look and the hold.
  await prisma.$transaction((tx) => forgetPeople(tx, [{ id: ann.personId }]))
  expect(await keptOf(ann)).toEqual([{ email: ann.email, logins: 1 }])
})

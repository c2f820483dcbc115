import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { ActorStreams } from '../access/actor-streams.ts'
import type { Role } from '../access/rules.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import { type SignedIn, signInAs } from '../testing/accounts/people.ts'
import { withAccounts } from '../testing/accounts/visitor.ts'
import { makeCategory, makeOtherWorkspace } from '../testing/factories.ts'
import { uniqueName } from '../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { recognizeSessions } from './auth/identify-session.ts'
import { createInvitation } from './operations/create-invitation.ts'
import { createReset } from './operations/create-reset.ts'
import { eraseMember } from './operations/erase-member.ts'
import { exportMember } from './operations/export-member.ts'
import { leaveWorkspace } from './operations/leave-workspace.ts'
import { listFormerMembers } from './operations/list-former-members.ts'
import { listInvitations } from './operations/list-invitations.ts'
import { listMembers } from './operations/list-members.ts'
import { patchMember } from './operations/patch-member.ts'
import { removeMember } from './operations/remove-member.ts'
import { FormerMemberPage, Member } from './schema.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await withAccounts()
  await makeCategory(app.actor(), { slug: 'legal' })
})
afterAll(() => app.close())

/** A workspace of its own for each test, with one owner. */
let owner: SignedIn
beforeEach(async () => {
  const workspace = await makeOtherWorkspace(uniqueName('workspace').replace('_', '-'))
  owner = await signInAs(workspace, 'owner', { name: 'Olga' })
})

const query = async <T extends object>(text: string, values: unknown[] = []) =>
  (await app.runtime.database.primary.pool.query<T>(text, values)).rows
const again = ({ actor }: SignedIn) => actorLike(actor)
const find = async (who: SignedIn, id: string): Promise<Member> => {
  const found = (await listMembers(again(who), {})).items.find((member) => member.id === id)
  if (found === undefined) throw new Error('there is no such member')
  return found
}
const patch = async (who: SignedIn, id: string, change: object) =>
  patchMember(again(who), { id, if_match: (await find(owner, id)).etag, ...change })
const remove = async (who: SignedIn, id: string) =>
  removeMember(again(who), { id, if_match: (await find(owner, id)).etag })
const sessions = (of: SignedIn) => query(`SELECT FROM person_session WHERE person_id = $1`, [of.personId])
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { code: string }) => error.code,
  )

/** The outcomes of calls, one after the other. */
async function errorsOf(...calls: (() => Promise<unknown>)[]): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = []
  for (const call of calls) codes.push(await errorOf(call()))
  return codes
}
const all = (code: string, count: number) => Array<string>(count).fill(code)

describe('members', () => {
  it('are listed by name, in pages', async () => {
    for (const name of ['Zoe', 'adam', 'Bo']) await signInAs(owner.actor, 'viewer', { name })
    const first = await listMembers(again(owner), { limit: 3 })
    expect(first.items.map(({ name }) => name)).toEqual(['adam', 'Bo', 'Olga'])
    expect(Member.parse(first.items[2])).toMatchObject({
      role: 'owner',
      categories: null,
      second_factor: false,
    })
    const rest = await listMembers(again(owner), { limit: 3, cursor: first.next_cursor ?? '' })
    expect(rest).toMatchObject({ items: [{ name: 'Zoe' }], next_cursor: null })
  })

  it('are a thousand as quickly as ten', async () => {
    const { workspaceId, id } = owner.actor
    await query(
      `WITH made AS (SELECT gen_random_uuid() AS id, n FROM generate_series(1, 1000) AS n),
        people AS (INSERT INTO person (id, email, name) SELECT id, 'n' || n || '@' || $1 || '.example', 'N' || n FROM made RETURNING id),
        actors AS (INSERT INTO actor (id, workspace_id, kind, display) SELECT id, $1::uuid, 'person', 'N' FROM people RETURNING id)
       INSERT INTO member (workspace_id, actor_id, person_id, role, created_by) SELECT $1::uuid, id, id, 'viewer', $2::uuid FROM actors`,
      [workspaceId, id],
    )
    const seen = new Set<string>()
    let cursor: string | undefined
    do {
      const page = await listMembers(again(owner), { limit: 200, cursor })
      for (const member of page.items) seen.add(member.id)
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.size).toBe(1001)
  })

  it('get another role and other categories, and sign in anew', async () => {
    await makeCategory(owner.actor, { slug: 'legal' })
    const editor = await signInAs(owner.actor, 'editor')
    const before = await find(owner, editor.actor.id)
    const after = await patch(owner, editor.actor.id, { role: 'publisher', categories: ['legal'] })
    expect(after).toMatchObject({ role: 'publisher', categories: ['legal'], deactivated: false })
    expect(after.etag).not.toBe(before.etag)
    expect(await sessions(editor)).toEqual([])
    expect(await patch(owner, editor.actor.id, { categories: ['legal'] })).toEqual(after)
    const raised = await patch(owner, editor.actor.id, { role: 'admin' })
    expect(raised).toMatchObject({ role: 'admin', categories: null })
    const [entry] = (await listAudit(again(owner), { limit: 1 })).items
    expect(entry).toMatchObject({
      action: 'member.update',
      target: { kind: 'actor', id: editor.actor.id, name: before.name },
      before: { role: 'publisher', categories: ['legal'], deactivated: false },
      after: { role: 'admin', categories: null, deactivated: false },
    })
  })

  it('are refused an unknown category, a limit of an admin, and an old ETag', async () => {
    const { actor } = await signInAs(owner.actor, 'editor')
    expect(await errorOf(patch(owner, actor.id, { categories: ['none'] }))).toBe('unprocessable')
    expect(await errorOf(patch(owner, actor.id, { role: 'admin', categories: ['legal'] }))).toBe(
      'unprocessable',
    )
    const { etag } = await find(owner, actor.id)
    await patch(owner, actor.id, { role: 'viewer' })
    const stale = { id: actor.id, if_match: etag, role: 'editor' } as const
    expect(await errorOf(patchMember(again(owner), stale))).toBe('precondition_failed')
    expect(await errorOf(patchMember(again(owner), { id: actor.id, role: 'editor' }))).toBe(
      'precondition_required',
    )
    expect(await errorOf(removeMember(again(owner), { id: actor.id, if_match: etag }))).toBe(
      'precondition_failed',
    )
  })

  it('cannot act once they are deactivated, and can again afterwards', async () => {
    const { actor, personId, email } = await signInAs(owner.actor, 'editor')
    expect(await patch(owner, actor.id, { deactivated: true })).toMatchObject({ deactivated: true })
    expect(await sessions({ actor, personId, email, sessionId: '' })).toEqual([])
    expect(await patch(owner, actor.id, { deactivated: false })).toMatchObject({ deactivated: false })
  })
})

describe('who changes members', () => {
  const roles: Role[] = ['viewer', 'editor', 'publisher', 'admin', 'owner']

  it('say who deactivated them, and when, until that is taken back', async () => {
    const [ann, admin] = [await signInAs(owner.actor, 'editor'), await signInAs(owner.actor, 'admin')]
    const { id } = ann.actor
    expect(await find(owner, id)).toMatchObject({ deactivated_at: null, deactivated_by: null })
    const off = await patch(admin, id, { deactivated: true })
    const by = { id: admin.actor.id, display: expect.any(String) }
    expect(off).toMatchObject({ deactivated_at: expect.stringMatching(/Z$/), deactivated_by: by })
    // Another change by somebody else is none of that.
    expect(await patch(owner, id, { role: 'viewer' })).toMatchObject({
      deactivated_at: off.deactivated_at,
      deactivated_by: by,
    })
    expect(await patch(owner, id, { deactivated: false })).toMatchObject({
      deactivated_at: null,
      deactivated_by: null,
    })
  })

  it('an admin changes those below admin, and gives roles below admin', async () => {
    const admin = await signInAs(owner.actor, 'admin')
    for (const role of roles) {
      const { actor } = await signInAs(owner.actor, role)
      const isBelow = roles.indexOf(role) < roles.indexOf('admin')
      expect(await errorOf(createReset(again(admin), { id: actor.id }))).toBe(
        isBelow ? undefined : 'forbidden',
      )
      expect(await errorOf(exportMember(again(admin), { id: actor.id }))).toBe(
        isBelow ? undefined : 'forbidden',
      )
      expect(await errorOf(patch(admin, actor.id, { role: 'viewer' }))).toBe(
        isBelow ? undefined : 'forbidden',
      )
      for (const given of ['admin', 'owner'] as const)
        expect(await errorOf(patch(admin, actor.id, { role: given }))).toBe('forbidden')
      expect(await errorOf(remove(admin, actor.id))).toBe(isBelow ? undefined : 'forbidden')
      expect(await errorOf(eraseMember(again(admin), { id: actor.id }))).toBe('forbidden')
    }
    expect(await errorOf(patch(admin, admin.actor.id, { role: 'owner' }))).toBe('forbidden')
  })

  it('nobody else does, nor a key, a token, or somebody who signed in long ago', async () => {
    const { actor } = await signInAs(owner.actor, 'viewer')
    const { etag } = await find(owner, actor.id)
    const calls = (by: Actor) => [
      () => patchMember(by, { id: actor.id, if_match: etag, role: 'editor' }),
      () => removeMember(by, { id: actor.id, if_match: etag }),
      () => createReset(by, { id: actor.id }),
      () => eraseMember(by, { id: actor.id }),
      () => createInvitation(by, { email: 'a@example.org', role: 'admin' }),
    ]
    const credential = {
      kind: 'session',
      id: 'x',
      personId: owner.personId,
      freshUntil: Date.now() - 1,
    } as const
    const others: Actor[] = [
      ...(['viewer', 'editor', 'publisher'] as const).map((role) => actorLike(owner.actor, { role })),
      actorLike(owner.actor, { credential: { kind: 'key', id: 'k', personActorId: owner.actor.id } }),
      actorLike(owner.actor, { credential: { kind: 'token', id: 't', clientId: 'c', personActorId: null } }),
      actorLike(owner.actor, { credential }),
    ]
    for (const by of others) expect(await errorsOf(...calls(by))).toEqual(all('forbidden', 5))
    expect((await find(owner, actor.id)).etag).toBe(etag)
  })

  it('an admin who was removed a moment ago changes nothing more', async () => {
    const admin = await signInAs(owner.actor, 'admin')
    const { actor } = await signInAs(owner.actor, 'viewer')
    await remove(owner, admin.actor.id)
    expect(await errorOf(patch(admin, actor.id, { role: 'editor' }))).toBe('forbidden')
  })
})

describe('the last owner', () => {
  it('cannot be lowered, deactivated, removed or erased, and cannot leave', async () => {
    const { id } = owner.actor
    const codes = await errorsOf(
      () => patch(owner, id, { role: 'admin' }),
      () => patch(owner, id, { deactivated: true }),
      () => remove(owner, id),
      () => eraseMember(again(owner), { id }),
      () => leaveWorkspace(again(owner)),
    )
    expect(codes).toEqual(all('conflict', 5))
    expect(await find(owner, id)).toMatchObject({ role: 'owner', deactivated: false })
  })

  it('is whoever is left when two owners lower each other at once', async () => {
    for (const way of ['lower', 'remove', 'leave'] as const) {
      const other = await signInAs(owner.actor, 'owner')
      const pair = [owner, other] as const
      const tags = await Promise.all(pair.map(({ actor }) => find(owner, actor.id)))
      const calls = pair.map((by, n) => {
        const target = { id: pair[1 - n]?.actor.id ?? '', if_match: tags[1 - n]?.etag ?? '' }
        if (way === 'lower') return patchMember(again(by), { ...target, role: 'editor' })
        return way === 'remove' ? removeMember(again(by), target) : leaveWorkspace(again(by))
      })
      const codes = await Promise.all(calls.map(errorOf))
      expect(codes.filter((code) => code === undefined)).toHaveLength(1)
      const left = await query<{ actor_id: string }>(
        `SELECT actor_id FROM member WHERE workspace_id = $1 AND role = 'owner'`,
        [owner.actor.workspaceId],
      )
      expect(left).toHaveLength(1)
      if (left[0]?.actor_id === other.actor.id) owner = other
    }
  })

  it('is not a deactivated one', async () => {
    const other = await signInAs(owner.actor, 'owner')
    await patch(owner, other.actor.id, { deactivated: true })
    expect(await errorOf(leaveWorkspace(again(owner)))).toBe('conflict')
  })
})

it('whose second factor is still to be given does not leave', async () => {
  const { actor } = await signInAs(owner.actor, 'editor')
  const halfway = { ...actorLike(actor), scopes: new Set<never>(), must: 'second_factor' } as const
  expect(await errorOf(leaveWorkspace(halfway))).toBe('forbidden')
  expect(await errorOf(leaveWorkspace(actorLike(actor)))).toBeUndefined()
})

describe('removing a member', () => {
  it('ends its sessions and open invitations, and leaves what it made under its name', async () => {
    const admin = await signInAs(owner.actor, 'admin', { name: 'Ann' })
    await createInvitation(again(admin), { email: 'new@example.org', role: 'editor' })
    await makeCategory(admin.actor, { slug: 'of_ann' })
    await remove(owner, admin.actor.id)
    expect(await sessions(admin)).toEqual([])
    expect((await listInvitations(again(owner))).items).toEqual([])
    const told = (await listAudit(again(owner), { actor: admin.actor.id })).items
    expect(told.map(({ action, actor }) => [action, actor.display])).toEqual([
      ['category.create', 'Ann'],
      ['invitation.create', 'Ann'],
    ])
    const actions = (await listAudit(again(owner), { limit: 2 })).items.map(({ action }) => action)
    expect(actions.toSorted()).toEqual(['invitation.delete', 'member.delete'])
    expect(await errorOf(remove(owner, owner.actor.id))).toBe('conflict')
  })

  it('ends its open streams', async () => {
    recognizeSessions()
    const { actor } = await signInAs(owner.actor, 'editor')
    const streams = new ActorStreams({ limit: 10, feed: app.runtime.feed })
    const ended = new Promise<void>((end) => {
      const sink = { write: () => true, onDrain: () => undefined, end }
      streams.open(actor, sink, () => () => undefined)
    })
    expect(streams.size).toBe(1)
    await remove(owner, actor.id)
    await ended
    expect(streams.size).toBe(0)
  })

  it('is told to whoever manages members: who, when and by whom, the latest first, in pages', async () => {
    const [ann, ben, cleo] = [
      await signInAs(owner.actor, 'editor', { name: 'Ann' }),
      await signInAs(owner.actor, 'viewer', { name: 'Ben' }),
      await signInAs(owner.actor, 'viewer', { name: 'Cleo' }),
    ]
    await remove(owner, ann.actor.id)
    await leaveWorkspace(again(ben))
    await remove(owner, cleo.actor.id)
    await eraseMember(again(owner), { id: cleo.actor.id })
    await signInAs(owner.actor, 'viewer', { personId: ben.personId, name: 'Ben' })
    await query('UPDATE person SET email = $2 WHERE id = $1', [ann.personId, `forgotten-${ann.personId}`])
    const first = FormerMemberPage.parse(await listFormerMembers(again(owner), { limit: 1 }))
    const second = await listFormerMembers(again(owner), { limit: 1, cursor: first.next_cursor ?? '' })
    const [left, removed] = [first.items[0], second.items[0]]
    expect(left).toMatchObject({
      id: ben.actor.id,
      name: 'Ben',
      email: ben.email,
      removed_by: { id: ben.actor.id },
      is_member: true,
    })
    expect(removed).toMatchObject({
      id: ann.actor.id,
      email: null,
      removed_by: { id: owner.actor.id, display: 'Olga' },
      is_member: false,
    })
    expect(second.next_cursor).toBeNull()
    const other = await signInAs(await makeOtherWorkspace(uniqueName('other').replace('_', '-')), 'owner')
    expect((await listFormerMembers(again(other), {})).items).toEqual([])
    const viewer = await signInAs(owner.actor, 'viewer')
    expect(await errorOf(listFormerMembers(again(viewer), {}))).toBe('forbidden')
  })

  it('gives whoever comes back another actor', async () => {
    const first = await signInAs(owner.actor, 'editor')
    await remove(owner, first.actor.id)
    const second = await signInAs(owner.actor, 'editor', { personId: first.personId })
    expect(second.actor.id).not.toBe(first.actor.id)
  })

  it('tells every instance of it as a change of rights', async () => {
    const { actor } = await signInAs(owner.actor, 'editor')
    const second = app.secondInstance()
    const heard: string[] = []
    const told = new Promise<void>((resolve) => {
      second.feed.onChange(({ targets }) => {
        heard.push(...targets.filter(({ kind }) => kind === 'actor').map(({ id }) => id))
        if (heard.includes(actor.id)) resolve()
      })
    })
    await second.feed.start()
    await remove(owner, actor.id)
    await told
    await second.close()
    expect(heard).toContain(actor.id)
  })
})

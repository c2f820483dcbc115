import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import { createKey } from '../keys/operations/create-key.ts'
import { writeGrant } from '../oauth/grants.ts'
import { makeCategory, makeOtherWorkspace } from '../testing/factories.ts'
import { type SignedIn, signInAs } from '../testing/people.ts'
import { uniqueName } from '../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { withAccounts } from '../testing/visitor.ts'
import { createInvitation } from './operations/create-invitation.ts'
import { createReset } from './operations/create-reset.ts'
import { eraseMember } from './operations/erase-member.ts'
import { exportMe } from './operations/export-me.ts'
import { exportMember } from './operations/export-member.ts'
import { getMe } from './operations/get-me.ts'
import { leaveWorkspace } from './operations/leave-workspace.ts'
import { listInvitations } from './operations/list-invitations.ts'
import { listMembers } from './operations/list-members.ts'
import { patchMe } from './operations/patch-me.ts'
import { patchMember } from './operations/patch-member.ts'
import { removeMember } from './operations/remove-member.ts'
import { ERASED_NAME } from './rules.ts'
import { Me, type Member } from './schema.ts'

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

/** Allows a client something, as the page of consent does. */
async function connectClient(person: Actor, name: string): Promise<void> {
  const about = { uri: null, redirectUris: [], workspaceId: null, scopes: ['prompts:read'] } as const
  const client = { id: newId(), name, origin: 'configured', ...about } as const
  const asked = {
    client,
    redirectUri: 'http://127.0.0.1/',
    scopes: client.scopes,
    challenge: '',
    state: undefined,
  }
  await change(person, (context) => writeGrant(context, person, asked, client.scopes))
}

describe('erasing a person', () => {
  it('takes name and e-mail from everywhere and keeps what was done', async () => {
    const ann = await signInAs(owner.actor, 'editor', { name: 'Ann Secret', email: 'ann.secret@example.org' })
    await makeCategory(ann.actor, { slug: 'of_ann' })
    await eraseMember(again(owner), { id: ann.actor.id })
    const all = await listAudit(again(owner), {})
    expect(JSON.stringify(all)).not.toMatch(/secret/i)
    expect(all.items.map(({ action, target }) => [action, target.name])).toContainEqual([
      'member.erase',
      ERASED_NAME,
    ])
    expect(all.items.find(({ action }) => action === 'category.create')?.actor.display).toBe(ERASED_NAME)
    const left = await query(
      `SELECT FROM person WHERE email LIKE '%secret%' UNION ALL SELECT FROM person_login WHERE person_id = $1
       UNION ALL SELECT FROM actor WHERE display LIKE '%Secret%' UNION ALL SELECT FROM invitation WHERE email LIKE '%secret%'
       UNION ALL SELECT FROM audit_event WHERE target_name LIKE '%ecret%' OR before::text LIKE '%ecret%' OR after::text LIKE '%ecret%'`,
      [ann.personId],
    )
    expect(left).toEqual([])
    expect(await errorOf(eraseMember(again(owner), { id: ann.actor.id }))).toBe('not_found')
  })

  it('works after a removal, and for the one who was invited', async () => {
    const ann = await signInAs(owner.actor, 'editor', { email: 'later.secret@example.org' })
    await remove(owner, ann.actor.id)
    await createInvitation(again(owner), { email: ann.email, role: 'viewer' })
    await eraseMember(again(owner), { id: ann.actor.id })
    expect((await listInvitations(again(owner))).items).toEqual([])
    expect(JSON.stringify(await listAudit(again(owner), {}))).not.toContain('later.secret')
  })

  it('leaves a member of another workspace there', async () => {
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const ann = await signInAs(owner.actor, 'editor', { name: 'Ann' })
    const elsewhere = await signInAs(other, 'owner', { personId: ann.personId, name: 'Ann' })
    await eraseMember(again(owner), { id: ann.actor.id })
    const rows = await query<{ display: string }>(
      'SELECT display FROM actor WHERE id = ANY ($1) ORDER BY display',
      [[ann.actor.id, elsewhere.actor.id]],
    )
    expect(rows.map(({ display }) => display)).toEqual(['Ann', ERASED_NAME])
    expect(await query('SELECT FROM person WHERE id = $1', [ann.personId])).toHaveLength(1)
  })
})

describe('another workspace', () => {
  it('is out of reach: its members are unknown here', async () => {
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const theirs = await signInAs(other, 'viewer')
    const { id } = theirs.actor
    const if_match = '"x"'
    const codes = await errorsOf(
      () => patchMember(again(owner), { id, if_match, role: 'editor' }),
      () => removeMember(again(owner), { id, if_match }),
      () => createReset(again(owner), { id }),
      () => eraseMember(again(owner), { id }),
      () => exportMember(again(owner), { id }),
    )
    expect(codes).toEqual(all('not_found', 5))
    expect((await listMembers(again(owner), {})).items.map((member) => member.id)).not.toContain(id)
    expect(await sessions(theirs)).toHaveLength(1)
  })

  it('keeps its people: no link for a password of one who is a member there, too', async () => {
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const theirs = await signInAs(other, 'owner')
    const here = await signInAs(owner.actor, 'viewer', { personId: theirs.personId })
    expect(await errorOf(createReset(again(owner), { id: here.actor.id }))).toBe('conflict')
  })
})

describe('oneself', () => {
  it('is told who it is, and changes its name', async () => {
    const ann = await signInAs(owner.actor, 'editor', { name: 'Ann' })
    const me = Me.parse(await getMe(again(ann)))
    expect(me).toMatchObject({
      actor: { id: ann.actor.id, kind: 'person', display: 'Ann' },
      person: { id: ann.personId, email: ann.email, has_password: true, passkeys: 0 },
      role: 'editor',
      state: 'accounts',
      must: [],
    })
    expect(me.scopes).toContain('prompts:write')
    expect(me.scopes).not.toContain('members:write')
    expect(await patchMe(again(ann), { name: 'Anna' })).toMatchObject({
      actor: { display: 'Anna' },
      person: { name: 'Anna' },
    })
    expect(await find(owner, ann.actor.id)).toMatchObject({ name: 'Anna' })
  })

  it('is no person as a key, and cannot change itself as one', async () => {
    const key = { credential: { kind: 'key', id: 'k', personActorId: owner.actor.id } } as const
    expect((await getMe(actorLike(owner.actor, key))).person).toBeNull()
    for (const call of [patchMe, exportMe, leaveWorkspace])
      expect(await errorOf(call(actorLike(owner.actor, key), { name: 'x' }))).toBe('forbidden')
  })

  it('takes its data along, with what it did', async () => {
    const ann = await signInAs(owner.actor, 'editor')
    await makeCategory(ann.actor, { slug: 'of_ann' })
    const { key } = await createKey(again(ann), { name: 'my key', scopes: ['prompts:read'] })
    await connectClient(ann.actor, 'Desk')
    await connectClient(owner.actor, 'of somebody else')
    const exported = await exportMe(again(ann))
    expect(exported).toMatchObject({
      person: { id: ann.personId, email: ann.email },
      sessions: [{ user_agent: null }],
      memberships: [{ role: 'editor', actor_id: ann.actor.id }],
      keys: [{ name: 'my key', scopes: ['prompts:read'] }],
      clients: [{ name: 'Desk', scopes: ['prompts:read'], last_used_at: null }],
      activity: [
        { action: 'client.connect' },
        { action: 'key.create' },
        { action: 'category.create', target: { name: 'of_ann' } },
      ],
      activity_is_cut: false,
    })
    expect(await exportMember(again(owner), { id: ann.actor.id })).toMatchObject({
      person: { email: ann.email },
    })
    expect(JSON.stringify(exported)).not.toContain('of no password')
    expect(JSON.stringify(exported)).not.toContain(key)
  })

  it('leaves', async () => {
    const ann = await signInAs(owner.actor, 'viewer')
    await leaveWorkspace(again(ann))
    expect(await sessions(ann)).toEqual([])
    expect((await listMembers(again(owner), {})).items.map(({ id }) => id)).toEqual([owner.actor.id])
  })
})

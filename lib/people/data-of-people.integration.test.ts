import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listAudit } from '../audit/operations/list-audit.ts'
import { createKey } from '../keys/operations/create-key.ts'
import { type SignedIn, signInAs } from '../testing/accounts/people.ts'
import { withAccounts } from '../testing/accounts/visitor.ts'
import { makeCategory, makeOtherWorkspace } from '../testing/factories.ts'
import { uniqueName } from '../testing/rows.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
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
import { Me, type Member, PersonExport } from './schema.ts'

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

/** Connects a client of somebody. */
async function connect({ actor }: SignedIn): Promise<void> {
  await query(
    `WITH client AS (
       INSERT INTO actor (id, workspace_id, kind, display) VALUES (gen_random_uuid(), $1, 'client', 'Agent of Ann') RETURNING id
     )
     INSERT INTO oauth_grant (id, workspace_id, actor_id, client_id, client_name, origin, person_actor_id, scopes, resource)
     SELECT gen_random_uuid(), $1, id, 'agent', 'Agent of Ann', 'configured', $2, '{prompts:read}', 'here' FROM client`,
    [actor.workspaceId, actor.id],
  )
}

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

  it('takes its data along, with what it did and what was done to it', async () => {
    const ann = await signInAs(owner.actor, 'viewer', { name: 'Ann' })
    const { id } = ann.actor
    await patchMember(again(owner), { id, if_match: (await find(owner, id)).etag, role: 'editor' })
    await query(
      `INSERT INTO person_passkey (id, person_id, name, credential_id, public_key, counter, backed_up)
       VALUES (gen_random_uuid(), $1, 'Phone of Ann', 'credential of ann', '', 0, false)`,
      [ann.personId],
    )
    await query(
      `INSERT INTO person_session (id, person_id, token, expires_at, ip_address, user_agent)
       VALUES (gen_random_uuid(), $1, 'token of ann', now() + interval '1 hour', '203.0.113.9', 'Browser')`,
      [ann.personId],
    )
    const editor = { ...ann, actor: { ...ann.actor, role: 'editor' as const } }
    await makeCategory(editor.actor, { slug: 'of_ann' })
    const key = await createKey(again(editor), { name: 'my key', scopes: ['prompts:read'] })
    await connect(editor)
    const byKey = { credential: { kind: 'key', id: key.id, personActorId: id } } as const
    await makeCategory({ ...actorLike(editor.actor, byKey), id: key.id }, { slug: 'by_key' })
    const exported = PersonExport.parse(await exportMe(again(editor)))
    expect(exported).toMatchObject({
      person: { id: ann.personId, email: ann.email },
      sign_in: [{ provider: 'credential' }],
      passkeys: [{ name: 'Phone of Ann', created_at: expect.any(String), last_used_at: null }],
      sessions: [{ user_agent: 'Browser', address: '203.0.113.9', expires_at: expect.any(String) }],
      memberships: [{ role: 'editor', actor_id: id }],
      keys: [{ name: 'my key', scopes: ['prompts:read'], prefix: expect.any(String) }],
      clients: [{ name: 'Agent of Ann', scopes: ['prompts:read'] }],
      activity: [
        { action: 'category.create', as: 'on_behalf', key: key.id, target: { name: 'by_key' } },
        { action: 'key.create', as: 'actor' },
        { action: 'category.create', as: 'actor', target: { name: 'of_ann' } },
        {
          action: 'member.update',
          as: 'target',
          before: { role: 'viewer' },
          after: { role: 'editor' },
          address: null,
        },
      ],
      activity_is_cut: false,
    })
    expect(await exportMember(again(owner), { id })).toMatchObject({ person: { email: ann.email } })
    for (const secret of ['of no password', key.key, 'token of ann', 'credential of ann'])
      expect(JSON.stringify(exported)).not.toContain(secret)
  })

  it('takes along what it has in other workspaces; an owner of one gets that of theirs alone', async () => {
    const ann = await signInAs(owner.actor, 'editor')
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const there = await signInAs(other, 'editor', { personId: ann.personId })
    await createKey(again(there), { name: 'key of there', scopes: ['prompts:read'] })
    expect(await exportMe(again(ann))).toMatchObject({
      keys: [{ name: 'key of there' }],
      activity: [{ action: 'key.create' }],
    })
    const told = JSON.stringify(await exportMember(again(owner), { id: ann.actor.id }))
    expect(told).not.toContain('key of there')
  })

  it('leaves', async () => {
    const ann = await signInAs(owner.actor, 'viewer')
    await leaveWorkspace(again(ann))
    expect(await sessions(ann)).toEqual([])
    expect((await listMembers(again(owner), {})).items.map(({ id }) => id)).toEqual([owner.actor.id])
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { identify, PAGES_TAKE } from '../../access/identify.ts'
import { type SignedIn, secretOf, signInAs } from '../../testing/accounts/people.ts'
import { type SingleSignOnApp, startSingleSignOn } from '../../testing/accounts/single-sign-on.ts'
import { makeMember, PASSWORD, Visitor } from '../../testing/accounts/visitor.ts'
import { makeCategory, makeOtherWorkspace } from '../../testing/factories.ts'
import { uniqueName } from '../../testing/rows.ts'
import { actorLike } from '../../testing/runtime.ts'
import { createInvitation } from '../operations/create-invitation.ts'
import { createReset } from '../operations/create-reset.ts'
import { listMembers } from '../operations/list-members.ts'
import { removeMember } from '../operations/remove-member.ts'
import type { CreateInvitationInput } from '../schema.ts'

/* Who comes back from the provider: by an invitation, again, and with another role. */

let sso: SingleSignOnApp
let owner: SignedIn
beforeAll(async () => {
  sso = await startSingleSignOn()
  owner = await signInAs(sso.app.actor(), 'owner', { name: 'Olga' })
  await makeCategory(sso.app.actor(), { slug: 'legal' })
})
afterAll(() => sso.stop())

let count = 0
let email: string
beforeEach(() => {
  count += 1
  email = `ines-${count}@elsewhere.example`
  sso.provider.person = ines()
})
afterEach(() => {
  sso.settings.only = false
  delete sso.settings.role_claim
})

const ines = (more: object = {}) => ({
  sub: `ines-${count}`,
  email: email.toUpperCase(),
  email_verified: true,
  name: 'Ines',
  ...more,
})
const again = ({ actor }: SignedIn) => actorLike(actor)
const invite = (input: Partial<CreateInvitationInput> = {}, by = owner) =>
  createInvitation(again(by), { email, role: 'publisher', ...input })
const query = async (text: string, ...values: unknown[]) =>
  (await sso.app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows
const found = async (address = email) =>
  (await listMembers(again(owner), {})).items.find((each) => each.email === address)
const remove = async (id: string, address = email) =>
  removeMember(again(owner), { id, if_match: (await found(address))?.etag ?? '' })
const rowsOf = (action: string, id: string | undefined) =>
  query('SELECT before, after FROM audit_event WHERE action = $1 AND target_id = $2', action, id)

describe('an invitation of the e-mail that the provider has verified', () => {
  it.each([true, false])('is taken where single sign-on is the only way: %s', async (only) => {
    sso.settings.only = only
    const { id } = await invite({ categories: ['legal'] })
    const visitor = new Visitor()
    expect(await sso.come(visitor)).toBe('/prompts/a?b#c')
    expect(await visitor.actor()).toMatchObject({ role: 'publisher', categories: expect.any(Set) })
    const member = await found()
    expect(member).toMatchObject({ name: 'Ines', role: 'publisher', categories: ['legal'] })
    const after = { role: 'publisher', limited: true, invitation: id, way: 'single_sign_on' }
    expect(await rowsOf('member.create', member?.id)).toEqual([{ before: null, after }])
    expect(await query('SELECT email_verified FROM person WHERE email = $1', email)).toEqual([
      { email_verified: true },
    ])
    expect(await query('SELECT id FROM invitation WHERE id = $1 AND ended_at IS NULL', id)).toEqual([])
    expect(await sso.come(new Visitor())).toBe('/prompts/a?b#c')
  })

  it('opens the door alone where the provider decides over roles', async () => {
    sso.settings.role_claim = 'groups'
    await invite({ categories: ['legal'] })
    sso.provider.person = ines({ groups: 'chiefs' })
    await sso.come(new Visitor())
    expect(await found()).toMatchObject({ role: 'admin', categories: null })
  })

  it('is not taken with an e-mail that is not verified, or without a right to give its role any more', async () => {
    const admin = await signInAs(sso.app.actor(), 'admin')
    await invite({}, admin)
    sso.provider.person = ines({ email_verified: false })
    expect(await sso.come(new Visitor())).toBe('/sign-in?error=email_not_verified')
    // Not as people are lowered: what ends with that is not what is looked at here.
    await query(`UPDATE member SET role = 'editor' WHERE actor_id = $1`, admin.actor.id)
    sso.provider.person = ines()
    expect(await sso.come(new Visitor())).toBe('/sign-in?error=domain_not_allowed')
    expect(await found()).toBeUndefined()
  })

  it('is no way around the provider', async () => {
    sso.settings.only = true
    const { url } = await invite()
    const input = { token: secretOf(url), name: 'Ines', password: PASSWORD }
    expect(await new Visitor().post('/invitation/accept', input)).toMatchObject({ status: 403 })
    expect(await found()).toBeUndefined()
  })

  it('takes back somebody who was removed, without what they signed in with before', async () => {
    const before = await makeMember(sso.app)
    await remove(before.actorId, before.email)
    sso.provider.person = ines({ email: before.email })
    expect(await sso.come(new Visitor())).toBe('/sign-in?error=account_exists')
    await invite({ email: before.email })
    expect(await sso.come(new Visitor())).toBe('/prompts/a?b#c')
    expect((await new Visitor().signIn(before.email)).status).toBe(401)
    const first = await found(before.email)
    expect(first?.id).not.toBe(before.actorId)
    // Known to the provider's account by now.
    await remove(first?.id ?? '', before.email)
    expect(await sso.come(new Visitor())).toBe('/sign-in?error=not_a_member')
    await invite({ email: before.email, role: 'viewer' })
    expect(await sso.come(new Visitor())).toBe('/prompts/a?b#c')
    expect(await found(before.email)).toMatchObject({ role: 'viewer' })
  })

  it.each([false, true])('is taken once by one person at once, by its link: %s', async (byLink) => {
    const { url } = await invite()
    const body = byLink ? { invitation: secretOf(url) } : {}
    const ends = await Promise.all(Array.from({ length: 8 }, () => sso.come(new Visitor(), body)))
    expect(new Set(ends)).toEqual(new Set(['/prompts/a?b#c']))
    expect(await query('SELECT id FROM person WHERE email = $1', email)).toHaveLength(1)
  })

  it.each([
    ['the account at the provider', 'FROM person_login l JOIN person p', false],
    ['the invitation', 'FROM invitation i', false],
    ['the invitation of the link', 'FROM invitation i', true],
  ])('is taken by who comes again while %s is looked up', async (_, text, byLink) => {
    const { url } = await invite()
    const body = byLink ? { invitation: secretOf(url) } : {}
    const visitor = new Visitor()
    const begun = await visitor.post('/sign-in/oauth2', { callbackURL: '/prompts/a?b#c', ...body })
    const back = await sso.provider.visit(begun.body.url)
    const faster = comeBefore(text)
    const answer = await visitor.get(`/oauth2/callback/sso${back}`)
    expect(await faster).toBe('/prompts/a?b#c')
    expect(answer.headers.get('location')).toBe('/prompts/a?b#c')
    expect(await query('SELECT id FROM person WHERE email = $1', email)).toHaveLength(1)
  })
})

/** Comes the whole way right before the next query that holds a text. @returns where it ended */
function comeBefore(text: string): Promise<string | null> {
  // Of its many ways to be called, the one that is used here.
  const pool = sso.app.runtime.database.primary.pool as unknown as {
    query: (...args: unknown[]) => Promise<unknown>
  }
  const { promise, resolve, reject } = Promise.withResolvers<string | null>()
  const ask = pool.query.bind(pool)
  const spy = vi.spyOn(pool, 'query').mockImplementation(async (...args: unknown[]) => {
    if (String(args[0]).includes(text)) {
      spy.mockRestore()
      await sso.come(new Visitor()).then(resolve, reject)
    }
    return ask(...args)
  })
  return promise
}

describe('the link of an invitation', () => {
  it('asks the provider for its e-mail, and lets nobody else in', async () => {
    const { url } = await invite()
    const invitation = secretOf(url)
    sso.provider.person = ines({ email: `else-${count}@example.org` })
    expect(await sso.come(new Visitor(), { invitation })).toBe('/sign-in?error=other_email')
    expect(sso.provider.asked.get('login_hint')).toBe(email)
    expect(await found(`else-${count}@example.org`)).toBeUndefined()
    sso.provider.person = ines()
    expect(await sso.come(new Visitor(), { invitation })).toBe('/prompts/a?b#c')
    expect(await new Visitor().post('/sign-in/oauth2', { invitation })).toMatchObject({ status: 404 })
  })

  it('that was taken back meanwhile says so', async () => {
    const { url, id } = await invite()
    const visitor = new Visitor()
    const begun = await visitor.post('/sign-in/oauth2', { invitation: secretOf(url) })
    await query('UPDATE invitation SET ended_at = now() WHERE id = $1', id)
    const back = await sso.provider.visit(begun.body.url)
    const answer = await visitor.get(`/oauth2/callback/sso${back}`)
    expect(answer.headers.get('location')).toBe('/sign-in?error=invitation_over')
  })

  it('brings a member of one workspace into another', async () => {
    await invite()
    await sso.come(new Visitor())
    const other = await makeOtherWorkspace(uniqueName('other').replace('_', '-'))
    const theirs = await signInAs(other, 'owner')
    const { url } = await createInvitation(again(theirs), { email, role: 'editor' })
    expect(await sso.come(new Visitor(), { invitation: secretOf(url) })).toBe('/prompts/a?b#c')
    const rows = await query(
      'SELECT role FROM member WHERE person_id = (SELECT id FROM person WHERE email = $1) ORDER BY role',
      email,
    )
    expect(rows).toEqual([{ role: 'editor' }, { role: 'publisher' }])
  })
})

describe('another role that the provider names', () => {
  const roles = async (visitor: Visitor) => {
    const header = (name: string) => (name === 'cookie' ? visitor.cookieHeader() : undefined)
    return identify({ header }, PAGES_TAKE).then(
      ({ role }) => role,
      ({ code }: { code: string }) => code,
    )
  }

  it('ends the other sessions, the invitations and the links that it does not give', async () => {
    sso.settings.role_claim = 'groups'
    await invite()
    sso.provider.person = ines({ groups: 'chiefs' })
    const elsewhere = new Visitor()
    await sso.come(elsewhere)
    const chief = await elsewhere.actor()
    const guest = await createInvitation(chief, { email: `guest-${count}@example.org`, role: 'editor' })
    const { actorId, email: theirs } = await makeMember(sso.app)
    const reset = await createReset(chief, { id: actorId })
    expect(await sso.come(new Visitor())).toBe('/prompts/a?b#c')
    expect(await roles(elsewhere)).toBe('admin')

    sso.provider.person = ines({ groups: 'writers' })
    const here = new Visitor()
    await sso.come(here)
    expect(await roles(here)).toBe('editor')
    expect(await roles(elsewhere)).toBe('unauthenticated')
    const input = { token: secretOf(guest.url), name: 'Guest', password: PASSWORD }
    expect(await new Visitor().post('/invitation/accept', input)).toMatchObject({ status: 404 })
    const taken = { token: secretOf(reset.url), password: 'a horse of no colours' }
    expect(await new Visitor().post('/reset', taken)).toMatchObject({ status: 404 })
    expect((await new Visitor().signIn(theirs)).status).toBe(200)
    const [row] = await rowsOf('member.update', chief.id)
    expect(row).toEqual({
      before: { role: 'admin', categories: null, deactivated: false },
      after: { role: 'editor', categories: null, deactivated: false, way: 'single_sign_on' },
    })
  })
})

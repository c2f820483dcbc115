import { appError } from '../errors.ts'
import { type Actor, ALL_SCOPES, type Identity } from './actor.ts'
import { type Role, type Scope } from './rules.ts'

const VIEWER: readonly Scope[] = ['prompts:read', 'usage:read', 'generations:read']
const EDITOR: readonly Scope[] = [...VIEWER, 'prompts:write', 'prompts:propose', 'generations:run', 'ai:read']
const PUBLISHER: readonly Scope[] = [...EDITOR, 'prompts:release']

/** The most that each role may do; an actor's own scopes narrow it. */
const SCOPES_OF_ROLE: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  viewer: new Set(VIEWER),
  editor: new Set(EDITOR),
  publisher: new Set(PUBLISHER),
  admin: ALL_SCOPES,
  owner: ALL_SCOPES,
}

/** Whether a role has a right, whoever holds it. */
export function roleMay(role: Role, scope: Scope): boolean {
  return SCOPES_OF_ROLE[role].has(scope)
}

/** Role and scopes must both allow it: a key with few scopes stays small in an owner's hand. */
export function may(actor: Identity, scope: Scope): boolean {
  return actor.scopes.has(scope) && roleMay(actor.role, scope)
}

/** @throws forbidden that names the missing scope, in its sentence and as `required_scope` */
export function assertMay(actor: Identity, scope: Scope): void {
  if (may(actor, scope)) return
  const extra = { required_scope: scope }
  if (actor.must !== undefined)
    throw appError('forbidden', MUST[actor.must], { extra: { ...extra, must: [actor.must] } })
  if (!actor.scopes.has(scope)) throw appError('forbidden', `This needs the scope ${scope}.`, { extra })
  const article = /^[aeo]/.test(actor.role) ? 'An' : 'A'
  throw appError('forbidden', `${article} ${actor.role} does not have the right ${scope}.`, { extra })
}

/**
 * Refuses a key or client of a person who has no second factor, which their role must have: like a session of theirs
 * it may do nothing. Its text is right, so nobody needs another one.
 * @throws forbidden that says what its person has to do
 */
export function assertUsable({ must, credential }: Identity): void {
  if (must === undefined || credential.kind === 'session') return
  const what = credential.kind === 'key' ? 'key' : 'client'
  throw appError(
    'forbidden',
    `The person behind this ${what} has a role that must have a second factor, and has set up none. They do so under Account; then the ${what} works again.`,
    { extra: { must: [must] } },
  )
}

const MUST: Readonly<Record<NonNullable<Actor['must']>, string>> = {
  second_factor:
    'Your role must have a second factor: set one up under Account, or give it if you have one. Until then you can do nothing else.',
}

/** Whether an actor may write or release in a category; null: a prompt that has none. */
export function mayIn(actor: Actor, scope: Scope, categoryId: string | null): boolean {
  return may(actor, scope) && isWithin(actor, categoryId)
}

/** @throws forbidden that names the missing scope, or says that the category is outside */
export function assertMayIn(actor: Actor, scope: Scope, categoryId: string | null): void {
  assertMay(actor, scope)
  if (isWithin(actor, categoryId)) return
  throw appError('forbidden', 'Your right to change prompts is limited to other categories.', {
    extra: { required_scope: scope },
  })
}

function isWithin({ categories }: Actor, categoryId: string | null): boolean {
  return categories === null || (categoryId !== null && categories.has(categoryId))
}

/**
 * Who reads by one label alone changes nothing: it would work on versions that it must not see.
 * @throws forbidden
 */
export function assertUnpinned({ label }: Actor): void {
  if (label === null) return
  throw appError(
    'forbidden',
    `Who may read the label "${label}" alone cannot change prompts or categories, and reads nothing else.`,
  )
}

/**
 * Access is changed by a person who signed in, never by a key or a token.
 * @throws forbidden
 */
export function assertSession({ credential }: Actor): void {
  if (credential.kind === 'session' || credential.kind === 'none') return
  throw appError('forbidden', 'Only a person who is signed in may do this, not a key or a connected client.')
}

/**
 * What gives access to others asks for a proof that is not old.
 * @throws forbidden with the hint `fresh_sign_in_required`
 */
export function assertFresh(actor: Actor): void {
  assertSession(actor)
  const { credential } = actor
  if (credential.kind !== 'session' || credential.freshUntil > Date.now()) return
  throw appError('forbidden', 'Sign in again to do this: it is some time ago that you did.', {
    extra: { code_hint: 'fresh_sign_in_required' },
  })
}

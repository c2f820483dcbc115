import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import type { Role } from '../access/rules.ts'
import { ROLES } from '../access/rules.ts'
import { appError } from '../errors.ts'

/** @throws forbidden unless the actor is a signed-in person who manages members */
export function assertMayManage(actor: Actor): void {
  rights.assertMay(actor, 'members:write')
  rights.assertSession(actor)
}

/** @throws forbidden as above, and unless the person has proved it a short while ago */
export function assertMayManageNow(actor: Actor): void {
  rights.assertMay(actor, 'members:write')
  rights.assertFresh(actor)
}

/** @throws forbidden unless the actor is an owner who has proved it a short while ago */
export function assertOwnerNow(actor: Actor): void {
  assertMayManageNow(actor)
  if (actor.role !== 'owner') throw appError('forbidden', 'Only an owner may do this.')
}

/**
 * An admin changes members below admin, and gives roles below admin; an owner all of them.
 * @param roles those of the member before and after
 * @throws forbidden
 */
export function assertMayGive(actor: Actor, ...roles: Role[]): void {
  if (roles.every((role) => mayGive(actor.role, role))) return
  throw appError('forbidden', 'Only an owner may change admins and owners.')
}

/** Whether one who manages members gives a role, or changes somebody who has it. */
export function mayGive(own: Role, role: Role): boolean {
  return own === 'owner' || !isAdmin(role)
}

/** Whether a role manages members. */
export function isAdmin(role: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf('admin')
}

/**
 * A person who has to set up a second factor before anything else reads and changes their own account.
 * @throws forbidden for an actor that may do nothing at all
 */
export function assertKnown(actor: Actor): void {
  if (actor.scopes.size === 0 && actor.must === undefined)
    throw appError('forbidden', 'This has no rights here.')
}

/** @throws forbidden unless the actor is a person who is signed in */
export function assertSelf(actor: Actor): void {
  assertKnown(actor)
  rights.assertSession(actor)
}

/** @throws forbidden unless the actor is a signed-in person who has proved it a short while ago */
export function assertSelfNow(actor: Actor): void {
  // A stolen password alone ends nobody's membership.
  rights.assertMay(actor, 'prompts:read')
  rights.assertFresh(actor)
}

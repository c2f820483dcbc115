import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import type { ClientScope } from './rules.ts'

/**
 * Everybody connects clients, sees theirs and cuts them off, once signed in.
 * @throws forbidden
 */
export function assertMayConnect(actor: Actor): void {
  rights.assertMay(actor, 'prompts:read')
  rights.assertSession(actor)
}

/** Whether an actor sees, and cuts off, the clients of others and of services. */
export function mayManage(actor: Actor): boolean {
  return rights.may(actor, 'members:write')
}

/**
 * Clients that act by themselves are made by a person who has just signed in.
 * @throws forbidden
 */
export function assertMayMake(actor: Actor): void {
  rights.assertMay(actor, 'members:write')
  rights.assertFresh(actor)
}

/**
 * Nobody gives a client more than they may do.
 * @throws forbidden that names what is missing
 */
export function assertWithinOwnRights(actor: Actor, scopes: readonly ClientScope[]): void {
  for (const scope of scopes) rights.assertMay(actor, scope)
}

/** Of some scopes, those that a person may give a client. */
export function givable(actor: Actor, scopes: readonly ClientScope[]): ClientScope[] {
  return scopes.filter((scope) => rights.may(actor, scope))
}

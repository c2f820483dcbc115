import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import { appError } from '../errors.ts'
import type { KeyRow } from './stored-key.ts'

/**
 * Everybody sees the keys of their own.
 * @throws forbidden
 */
export function assertMayRead(actor: Actor): void {
  rights.assertMay(actor, 'prompts:read')
  rights.assertSession(actor)
}

/**
 * Keys give access: they are made and revoked by a person who has just signed in.
 * @throws forbidden
 */
export function assertMayChange(actor: Actor): void {
  rights.assertMay(actor, 'prompts:read')
  rights.assertFresh(actor)
}

/** Whether an actor sees, and revokes, the keys of others and of services. */
export function mayManage(actor: Actor): boolean {
  return rights.may(actor, 'members:write')
}

/** @throws forbidden unless the actor may make keys that belong to nobody */
export function assertMayManage(actor: Actor): void {
  rights.assertMay(actor, 'members:write')
}

/** Whether an actor sees a key. */
export function maySee(actor: Actor, key: Pick<KeyRow, 'person_actor_id'>): boolean {
  return key.person_actor_id === actor.id || mayManage(actor)
}

/** What a key may do, as far as its maker must be able to do the same. */
interface GivenRights {
  scopes: readonly Parameters<typeof rights.may>[1][]
  category_ids: readonly string[] | null
}

/**
 * Nobody gives a key more than they may do.
 * @throws forbidden that names what is missing
 */
export function assertWithinOwnRights(actor: Actor, { scopes, category_ids }: GivenRights): void {
  for (const scope of scopes) rights.assertMay(actor, scope)
  const { categories } = actor
  if (categories === null || category_ids?.every((id) => categories.has(id)) === true) return
  throw appError('forbidden', 'Your right to change prompts is limited to other categories than these.')
}

/**
 * The new text of a key is for whom it belongs to, and of a service for whom could make it.
 * @throws forbidden
 */
export function assertMayRotate(actor: Actor, key: KeyRow): void {
  if (key.person_actor_id === null) {
    assertMayManage(actor)
    assertWithinOwnRights(actor, key)
  } else if (key.person_actor_id !== actor.id)
    throw appError('forbidden', 'Only its person may rotate a personal key; you may revoke it.')
}

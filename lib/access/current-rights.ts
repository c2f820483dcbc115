import { getRuntime } from '../runtime.ts'
import type { Actor } from './actor.ts'

/** The actor with the rights that it has now; undefined: none any more. */
export type CurrentRights = (actor: Actor) => Promise<Actor | undefined>

/** The kind of a target whose change is a change of rights: its audit row reaches every instance. */
export const RIGHTS_KIND = 'actor'

function holder(): { current: CurrentRights } {
  // The local owner never loses its rights.
  return getRuntime().once('access.rights', () => ({ current: (actor) => Promise.resolve(actor) }))
}

/** Looks up what an actor may do now. */
export const currentRights: CurrentRights = (actor) => holder().current(actor)

/** Puts another look-up in place: that of accounts, or of a test. */
export function setCurrentRights(current: CurrentRights): void {
  holder().current = current
}

/** Whether an actor has the very rights that it had before. */
export function hasSameRights(before: Actor, now: Actor | undefined): boolean {
  return (
    now !== undefined &&
    now.role === before.role &&
    now.label === before.label &&
    now.scopes.size === before.scopes.size &&
    [...before.scopes].every((scope) => now.scopes.has(scope))
  )
}

import { getRuntime } from '../runtime.ts'
import type { Actor, Identity } from './actor.ts'
import { currentIdentity } from './credentials.ts'

/** The actor with the rights that it has now; undefined: none any more. */
export type CurrentRights = (actor: Actor, of?: { background: boolean }) => Promise<Actor | undefined>

/** The kind of a target whose change is a change of rights: its audit row reaches every instance. */
export const RIGHTS_KIND = 'actor'

function holder(): { current: CurrentRights } {
  return getRuntime().once('access.rights', () => ({ current: lookUp }))
}

/**
 * Looks up what an actor may do now.
 * @param of background: the work goes on after its person has signed out
 */
export const currentRights: CurrentRights = (actor, of) => holder().current(actor, of)

/** Puts another look-up in place, for a test. */
export function setCurrentRights(current: CurrentRights): void {
  holder().current = current
}

async function lookUp(actor: Actor, of = { background: false }): Promise<Actor | undefined> {
  const now = await currentIdentity(actor, of)
  return now && { ...now, request: actor.request }
}

/** Whether an actor has the very rights that it had before. */
export function hasSameRights(before: Identity, now: Identity | undefined): boolean {
  return (
    now !== undefined &&
    now.role === before.role &&
    now.label === before.label &&
    isSameSet(before.scopes, now.scopes) &&
    isSameSet(before.categories, now.categories)
  )
}

function isSameSet(before: ReadonlySet<string> | null, now: ReadonlySet<string> | null): boolean {
  if (before === null || now === null) return before === now
  return before.size === now.size && [...before].every((each) => now.has(each))
}

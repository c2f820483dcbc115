import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import type { Scope } from '../access/rules.ts'
import { appError } from '../errors.ts'

/** The scope that reads a kind of thing. Changes of other kinds are sent to no actor. */
const READ_BY: Readonly<Record<string, Scope>> = {
  category: 'prompts:read',
  configuration: 'ai:read',
  prompt: 'prompts:read',
  workspace: 'prompts:read',
}

/** The scope that reads what news of a topic are about. */
const TOPIC_READ_BY: Readonly<Record<string, Scope>> = {
  generations: 'generations:read',
  alerts: 'usage:read',
}

/** The kinds of things whose changes an actor may read, in the same order for all that may read the same. */
export function readableKinds(actor: Actor): string[] {
  return Object.keys(READ_BY).filter((kind) => may(actor, READ_BY[kind]))
}

/** Whether an actor may hear of news of a topic. */
export function mayHearOf(actor: Actor, topic: string): boolean {
  return may(actor, TOPIC_READ_BY[topic])
}

function may(actor: Actor, scope: Scope | undefined): boolean {
  return scope !== undefined && rights.may(actor, scope)
}

/**
 * @throws forbidden unless the actor may read prompts, and all their labels: changes of hidden labels would
 *   reveal them
 */
export function assertMayFollow(actor: Actor): void {
  rights.assertMay(actor, 'prompts:read')
  if (actor.label !== null)
    throw appError('forbidden', `Who may read the label "${actor.label}" alone cannot follow all changes.`)
}

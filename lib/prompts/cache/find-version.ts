import type { Actor } from '../../access/actor.ts'
import { appError, isAppError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { PRODUCTION } from '../name.ts'
import { assertSeesPast, numberAt } from './find-at.ts'
import { findInCache, findOnPrimary, type ResolvedVersion, type Selector } from './prompt-cache.ts'

/** How a caller chooses a version: by a label, also one of the past, or by a number; by neither means `production`. */
export interface VersionChoice {
  label?: string | undefined
  version?: number | undefined
  at?: string | undefined
}

/**
 * The version that a caller may and wants to read: from memory when it is there and the caller has not seen a newer
 * revision at another instance, else from the primary. An actor that is pinned to a label reads by that
 * label when it names none, and sees no other, and nothing of the past.
 * @throws invalid_input when label and version are both given, or `at` with a version or a moment to come; not_found;
 *   forbidden; unavailable
 */
export function findVersion(
  actor: Actor,
  name: string,
  choice: VersionChoice,
): ResolvedVersion | Promise<ResolvedVersion> {
  const selector = selectorOf(actor, choice)
  const { label: pin } = actor
  if (choice.at !== undefined) return findAt(actor, name, selector, choice.at)
  if (pin === null) return find(actor, name, selector)
  if ('version' in selector) return findPinnedVersion(actor, pin, name, selector)
  if (selector.label !== pin) throw notVisible(name, pin)
  const found = find(actor, name, selector)
  return found instanceof Promise ? found.catch((error: unknown) => hide(error, name, pin)) : found
}

function find(actor: Actor, name: string, selector: Selector): ResolvedVersion | Promise<ResolvedVersion> {
  const { revision } = actor.request
  // The door has waited for a revision that this instance had not heard of.
  if (revision !== undefined && getRuntime().feed.seen(actor.workspaceId) < revision)
    return findOnPrimary(actor.workspaceId, name, selector)
  return findInCache(actor.workspaceId, name, selector)
}

function selectorOf(actor: Actor, { label, version }: VersionChoice): Selector {
  if (version === undefined) return { label: label ?? actor.label ?? PRODUCTION }
  if (label === undefined) return { version }
  const message = 'Choose by label or by version, not by both.'
  throw appError('invalid_input', message, { details: [{ path: ['label'], code: 'one_of', message }] })
}

/** What a label said once. The version is found by its number and answered as the one that the label chose. */
async function findAt(actor: Actor, name: string, selector: Selector, at: string): Promise<ResolvedVersion> {
  assertSeesPast(actor)
  if ('version' in selector) {
    const message = 'says which version a label meant; a version never changes'
    throw appError('invalid_input', `\`at\` ${message}.`, {
      details: [{ path: ['at'], code: 'one_of', message }],
    })
  }
  const { label } = selector
  const version = await numberAt(actor.workspaceId, name, { label, at })
  const { resolution, version: found } = await find(actor, name, { version })
  return { resolution: { ...resolution, label }, version: found }
}

/** A number is readable while the actor's label names it. */
async function findPinnedVersion(
  actor: Actor,
  pin: string,
  name: string,
  selector: { version: number },
): Promise<ResolvedVersion> {
  const found = await Promise.resolve(find(actor, name, selector)).catch((error: unknown) =>
    hide(error, name, pin),
  )
  if (visibleVersion(found.resolution.prompt, pin) === selector.version) return found
  throw notVisible(name, pin)
}

/** A pinned actor must not learn of versions and labels besides its own. */
function hide(error: unknown, name: string, pin: string): never {
  throw isAppError(error) && error.code === 'not_found' ? notVisible(name, pin) : error
}

function notVisible(name: string, pin: string) {
  return appError('not_found', `There is no prompt "${name}" with the label "${pin}".`)
}

/** The number of the version that a label means; undefined when the prompt lacks the label. */
export function visibleVersion(
  prompt: { labels: { label: string; version: number }[]; latest_version: number },
  label: string,
): number | undefined {
  if (label === 'latest') return prompt.latest_version
  return prompt.labels.find((state) => state.label === label)?.version
}

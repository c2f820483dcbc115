import canonicalize from 'canonicalize'
import type { Actor } from '../../access/actor.ts'
import { type BaseVersion, type DraftVersion, draftVersion } from '../plan/prepare-version.ts'
import type { VersionToSave } from '../saving-schema.ts'
import type { PlannedPrompt } from './planned.ts'

/**
 * Chooses which versions of a source are to be written: of a new prompt all; of one that is there those that follow its
 * newest version, or the newest alone where that is none of the source.
 * @throws invalid_input, unprocessable, too_large
 */
export async function chooseVersions(actor: Actor, planned: PlannedPrompt): Promise<void> {
  const { existing, saved, wanted } = planned
  const { versions } = wanted
  const newest = versions.at(-1)
  if (newest === undefined) return
  const base = existing?.newest
  if (existing === undefined || base === undefined) {
    // Behind a newest version that was redacted there is nothing to compare with.
    await addAll(actor, planned, existing === undefined ? versions : [newest], base)
    if (existing !== undefined) saved.action = 'version'
    return
  }
  const drafts: DraftVersion[] = []
  for (const version of versions.toReversed()) {
    const draft = await draftVersion(actor, saved.name, version, base)
    if (isSame(draft, base)) break
    drafts.unshift(draft)
  }
  saved.action = drafts.length === 0 ? 'unchanged' : 'version'
  saved.version = existing.latest
  const isFollowing = drafts.length < versions.length
  if (!isFollowing && drafts.length > 1) {
    saved.notes.push(
      'Its newest version here is none of those that were brought, so only the newest of them is added',
    )
    drafts.splice(0, drafts.length - 1)
  }
  const first = versions.length - drafts.length
  for (const [index, draft] of drafts.entries())
    add(planned, draft, existing.latest + 1 + index, versions[first + index])
}

async function addAll(
  actor: Actor,
  planned: PlannedPrompt,
  versions: readonly VersionToSave[],
  base: BaseVersion | undefined,
): Promise<void> {
  const { existing } = planned
  let before = base
  let number = existing?.latest ?? 0
  for (const version of versions) {
    const draft = await draftVersion(actor, planned.saved.name, version, before)
    number = existing === undefined ? numberAfter(number, version) : number + 1
    add(planned, draft, number, version)
    before = draft
  }
}

/** Numbers beyond are none of a history. */
const HIGHEST_NUMBER = 1_000_000

/** A history keeps its numbers, by which texts may name its versions, also where some of it is gone. */
function numberAfter(last: number, { number = 0 }: VersionToSave): number {
  return number > last && number <= HIGHEST_NUMBER ? number : last + 1
}

function add(
  planned: PlannedPrompt,
  draft: DraftVersion,
  number: number,
  version: VersionToSave | undefined,
): void {
  const pins = new Map(version?.pins?.map((pin) => [pin.ref, pin]))
  planned.versions.push({ draft, number, labels: version?.labels ?? [], was: version?.was, pins })
  planned.saved.version = number
  planned.saved.title = draft.title
}

/** Whether two versions say the same themselves; what their includes are pinned to does not count. */
function isSame(one: BaseVersion, other: BaseVersion): boolean {
  return said(one) === said(other)
}

function said({ content, variables, config, title, description, publish }: BaseVersion): string | undefined {
  return canonicalize({ content, variables, config, title, description, publish })
}

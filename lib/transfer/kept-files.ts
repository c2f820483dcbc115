import type { Actor } from '../access/actor.ts'
import { appError } from '../errors.ts'
import { FairCache } from '../fair-cache.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import type { Fetched } from './sources/fetch-source.ts'

/** What a person brought for a dry run, unpacked. */
interface Kept {
  id: string
  brought: Fetched
  timer: NodeJS.Timeout
}

const keyOf = ({ workspaceId, id }: Actor) => `${workspaceId} ${id}`
/** One for each person: what is brought next takes its place. */
const LAST = 'last'

function keptFiles(): FairCache<Kept> {
  return getRuntime().once('transfer.kept', ({ config }) => {
    const { import_kept_bytes: maxBytes } = config.limits
    return new FairCache<Kept>({
      maxEntries: 1000,
      maxBytes,
      sizeOf: ({ brought }) => brought.files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
      onDrop: (_, __, { timer }) => clearTimeout(timer),
    })
  })
}

/**
 * Keeps what somebody brought in the memory of this instance for a while, within `limits.import_kept_bytes`.
 * @returns the id by which the same person may name it; undefined: there is no room for it
 */
export function keepFiles(actor: Actor, brought: Fetched): string | undefined {
  const kept = keptFiles()
  const owner = keyOf(actor)
  const timer = setTimeout(() => kept.delete(owner, LAST), getRuntime().config.limits.import_kept_ms).unref()
  const id = newId()
  if (kept.set(owner, LAST, { id, brought, timer })) return id
  clearTimeout(timer)
  return undefined
}

/**
 * What the same person brought before, which is kept for another while.
 * @throws not_found when it is not here any more, or at another instance
 */
export function keptBefore(actor: Actor, id: string): Fetched {
  const found = keptFiles().get(keyOf(actor), LAST)
  if (found?.id === id) {
    found.timer.refresh()
    return found.brought
  }
  const message = 'What was brought before is not kept here any more. Send it again'
  throw appError('not_found', `${message}.`, { details: [{ path: ['kept'], code: 'not_kept', message }] })
}

import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { etagOf } from '../../etag.ts'
import { visibleVersion } from '../cache/find-version.ts'
import { isArchived, noPrompt } from '../errors.ts'
import { LATEST } from '../name.ts'
import { poolQuery, type Query, readStoredPrompt, type StoredPrompt } from './stored-prompt.ts'

/** A prompt, its ETag, and how to read on. */
export interface Readable {
  prompt: StoredPrompt
  etag: string
  query: Query
  /** The only version that the actor may see; undefined: all of them. */
  only: number | undefined
}

/**
 * Reads a prompt on the primary and then what `read` wants of it.
 * @throws not_found, also for an archived prompt and for one that lacks the actor's label; unavailable
 */
export async function findReadable<T>(
  actor: Actor,
  name: string,
  read: (found: Readable) => Promise<T>,
): Promise<T> {
  return onPrimary(async ({ pool }) => {
    const query = poolQuery(pool)
    const { prompt } = await readStoredPrompt(query, actor.workspaceId, name, { label: LATEST })
    if (prompt === null) throw noPrompt(name)
    const only = actor.label === null ? undefined : visibleVersion(prompt, actor.label)
    if (actor.label !== null && only === undefined) throw noPrompt(name)
    if (prompt.archived) throw isArchived(name)
    return read({ prompt, etag: etagOf(prompt), query, only })
  })
}

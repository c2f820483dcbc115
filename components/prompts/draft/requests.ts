import { bodyOf, type VersionFields } from '#components/changes/version-fields.ts'
import { LATEST } from '#lib/liquid/name-rules.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { call, problemOf } from '#lib/rest/client.ts'
import type { Base } from './stored-draft.ts'

export interface SaveRequest {
  name: string
  base: Base
  fields: VersionFields
  message: string
  /** Labels that move to the new version. */
  labels: string[]
  /** They move although callers would be refused. */
  accepts: boolean
  /** The same for a retry, so that nothing is saved twice. */
  idempotencyKey: string
}

/**
 * Saves a new version. An ETag that is stale because something beside the text changed (a tag, a label) is
 * no conflict: then it is sent again with the current one, as long as no newer version is there.
 * @throws ProblemError 412 when there is a newer version, and any other
 */
export async function saveVersion({
  name,
  base,
  fields,
  message,
  labels,
  accepts,
  idempotencyKey,
}: SaveRequest): Promise<Prompt> {
  const body = {
    ...bodyOf(fields),
    message,
    ...(labels.length > 0 && { labels, ...(accepts && { accept_breaking: true }) }),
  }
  const attempt = (ifMatch: string, key: string) =>
    call('POST /api/prompts/{name}/versions', { params: { name }, body, ifMatch, idempotencyKey: key })
  try {
    return await attempt(base.etag, idempotencyKey)
  } catch (error) {
    if (problemOf(error)?.status !== 412) throw error
    const newest = await call('GET /api/prompts/{name}', { params: { name }, query: { label: LATEST } })
    if (newest.latest_version !== base.version) throw error
    return attempt(newest.etag, `${idempotencyKey}-again`)
  }
}

/** Makes a prompt with its first version. */
export function createPrompt(
  name: string,
  fields: VersionFields,
  beside: { message: string; category: string | null; tags: string[]; labels: string[] },
  idempotencyKey: string,
): Promise<Prompt> {
  const body = { name, ...beside, ...bodyOf(fields) }
  return call('POST /api/prompts', { body, idempotencyKey })
}

export type NameState = 'free' | 'taken' | 'archived'

/** Whether a name or alias is in use, and whether by a prompt in the archive, which no list shows. */
export async function stateOfName(name: string, signal: AbortSignal): Promise<NameState> {
  try {
    await call('GET /api/prompts/{name}/versions', { params: { name }, query: { limit: 1 }, signal })
    return 'taken'
  } catch (error) {
    const problem = problemOf(error)
    if (problem?.status !== 404) throw error
    return problem.archived === true ? 'archived' : 'free'
  }
}

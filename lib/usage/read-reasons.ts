import type { Pool } from 'pg'
import type { Actor } from '../access/actor.ts'
import { readReplica } from '../db/read.ts'
import { readFailures } from './failures.ts'
import type { FailuresQuery } from './failures-schema.ts'
import { assertVersionOfPrompt, type Span, spanOf, wholeDays } from './span.ts'
import { resolvePromptId } from './stats-queries.ts'
import { filterValues, type UsageFilter, WHERE } from './usage-source.ts'
import type { Failure } from './use-schema.ts'

/**
 * The most frequent reasons of what failed, and how many there are.
 * @throws invalid_input when `from` is not before `to` or `version` comes without `prompt`, not_found for an
 *   unknown prompt
 */
export function readReasons(
  actor: Actor,
  input: FailuresQuery,
  limit: number,
): Promise<{ span: Span; items: Failure[]; count: number }> {
  assertVersionOfPrompt(input)
  const { prompt, version, surface, client, actor: of } = input
  // An actor is counted by whole days, as in the statistics.
  const span = of === undefined ? spanOf(input) : wholeDays(spanOf(input))
  const { workspaceId } = actor
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const filter = { workspaceId, promptId, version, surface, client, actor: of, ...span }
    const [items, count] = await Promise.all([readFailures(pool, filter, limit), countReasons(pool, filter)])
    return { span, items, count }
  })
}

/** How many reasons there are, by the hash of what tells them apart. */
async function countReasons(pool: Pool, filter: UsageFilter): Promise<number> {
  const isOfActor = filter.actor === undefined ? 'true' : `usage.actor_id = '${filter.actor}'::uuid`
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
       SELECT FROM usage_failure_hour usage
       WHERE usage.workspace_id = $1 AND ${WHERE} AND ${isOfActor} GROUP BY usage.alike
     ) reasons`,
    filterValues(filter),
  )
  return rows[0]?.count ?? 0
}

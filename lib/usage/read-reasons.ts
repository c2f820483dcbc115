import type { Actor } from '../access/actor.ts'
import { readReplica } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'
import { readFailures } from './failures.ts'
import type { FailuresQuery } from './failures-schema.ts'
import { countFrequent } from './ranks/frequent-failures.ts'
import { assertVersionOfPrompt, type Span, spanOf, wholeDays } from './span.ts'
import { resolvePromptId } from './stats-queries.ts'
import type { Failure } from './use-schema.ts'

interface Reasons {
  items: Failure[]
  /** How many there are, counted up to `limits.usage_failure_rows`. */
  count: number
  /** There are more than that. */
  more: boolean
}

/**
 * The most frequent reasons of what failed, and how many there are.
 * @throws invalid_input when `from` is not before `to` or `version` comes without `prompt`, not_found for an
 *   unknown prompt
 */
export function readReasons(
  actor: Actor,
  input: FailuresQuery,
  limit: number,
): Promise<Reasons & { span: Span }> {
  assertVersionOfPrompt(input)
  const { prompt, version, surface, client, actor: of } = input
  // An actor is counted by whole days, as in the statistics.
  const span = of === undefined ? spanOf(input) : wholeDays(spanOf(input))
  const { workspaceId } = actor
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const filter = { workspaceId, promptId, version, surface, client, actor: of, ...span }
    const most = getRuntime().config.limits.usage_failure_rows
    const [items, count] = await Promise.all([
      readFailures(pool, filter, limit),
      countFrequent(pool, filter, most + 1),
    ])
    return { span, items, count: Math.min(count, most), more: count > most }
  })
}

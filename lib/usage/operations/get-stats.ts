import type { Pool } from 'pg'
import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { readActors } from '../actors.ts'
import { readFailures } from '../failures.ts'
import { figures } from '../figures.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readMarks, readUnused } from '../prompt-marks.ts'
import { usageBuffer } from '../recording/record.ts'
import type { Stats, StatsQuery } from '../schema.ts'
import { assertVersionOfPrompt, spanBefore, spanOf, wholeDays } from '../span.ts'
import { type GroupedSpent, readGroupedSpent, readSpent } from '../spending/spent.ts'
import {
  type GroupedUsage,
  readGroupedUsage,
  readInventory,
  readTotals,
  resolvePromptId,
} from '../stats-queries.ts'
import type { UsageFilter } from '../usage-source.ts'

const DEFAULT_ROWS = 50

/**
 * Usage between two times, from the hourly roll-ups: what is counted appears after the next flush of
 * the buffer (half a second by default).
 * @throws invalid_input when `from` is not before `to` or `version` comes without `prompt`, not_found for an
 *   unknown prompt
 */
export const getStats = operation('getStats', run)

async function run(actor: Actor, input: StatsQuery): Promise<Stats> {
  assertMayReadUsage(actor)
  assertVersionOfPrompt(input)
  const { prompt, version, surface, client, actor: of, limit = DEFAULT_ROWS } = input
  const span = of === undefined ? spanOf(input) : wholeDays(spanOf(input))
  const { workspaceId } = actor
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const filter = { workspaceId, promptId, version, surface, client, actor: of }
    const past = of === undefined ? spanBefore(span) : wholeDays(spanBefore(span))
    const before = { ...filter, ...past }
    const [inventory, { grouped, spent }, previous, spentBefore, failures, actors, unused, marks] =
      await Promise.all([
        readInventory(pool, workspaceId),
        readGroups(pool, { ...filter, ...span }, limit),
        readTotals(pool, before),
        readSpent(pool, before),
        readFailures(pool, { ...filter, ...span }, limit),
        input.actors === 'true' ? readActors(pool, { ...filter, ...wholeDays(span) }, limit) : undefined,
        promptId === undefined ? readUnused(pool, workspaceId, span, limit) : { total: 0, items: [] },
        promptId === undefined ? [] : readMarks(pool, workspaceId, promptId, span),
      ])
    return {
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      totals: { ...figures(grouped.total, spent.total), ...inventory },
      previous: figures(previous, spentBefore),
      ...rankings(grouped, spent),
      ...(actors !== undefined && { by_actor: actors }),
      failures,
      unused,
      marks,
      dropped: usageBuffer().dropped,
      page_reads: usageBuffer().pageReads,
    }
  })
}

async function readGroups(pool: Pool, filter: UsageFilter, limit: number) {
  const grouped = await readGroupedUsage(pool, filter, limit)
  const names = new Set([
    ...grouped.prompt.keys(),
    ...[...grouped.version.values()].map(({ prompt }) => prompt),
  ])
  return { grouped, spent: await readGroupedSpent(pool, filter, [...names]) }
}

function rankings(
  grouped: GroupedUsage,
  spent: GroupedSpent,
): Pick<Stats, 'by_prompt' | 'by_version' | 'by_surface' | 'by_client'> {
  return {
    by_prompt: [...grouped.prompt].map(([name, tally]) => ({ name, ...figures(tally, spent.prompt(name)) })),
    by_version: [...grouped.version.values()].map(({ prompt, version, ...tally }) => ({
      name: prompt,
      version,
      ...figures(tally, spent.version(prompt, version)),
    })),
    by_surface: [...grouped.surface].map(([surface, tally]) => ({
      surface: asSurface(surface),
      ...figures(tally, spent.surface(surface)),
    })),
    by_client: [...grouped.client].map(([client, tally]) => ({
      client: client === '' ? null : client,
      ...figures(tally, spent.client(client)),
    })),
  }
}

function asSurface(text: string): 'mcp' | 'rest' | 'browser' {
  return text === 'mcp' || text === 'browser' ? text : 'rest'
}

import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read-replica.ts'
import { appError } from '../../errors.ts'
import { usageBuffer } from '../buffer.ts'
import { emptyTally, figures, type Tally } from '../figures.ts'
import { assertMayReadUsage } from '../policy.ts'
import type { Stats, StatsQuery } from '../schema.ts'
import { type GroupedUsage, readGroupedUsage, readInventory, resolvePromptId } from '../stats-queries.ts'

const DEFAULT_DAYS = 30
const DEFAULT_ROWS = 50

/**
 * Usage between two times, from the hourly roll-ups: what is counted appears after the next flush of
 * the buffer (half a second by default).
 * @throws invalid_input when `from` is not before `to`, not_found for an unknown prompt
 */
export async function getStats(actor: Actor, input: StatsQuery): Promise<Stats> {
  assertMayReadUsage(actor)
  const to = input.to === undefined ? new Date() : new Date(input.to)
  const from = wholeHour(
    input.from === undefined ? new Date(to.getTime() - DEFAULT_DAYS * 86_400_000) : new Date(input.from),
  )
  if (from >= to)
    throw appError('invalid_input', '`from` must be before `to`.', {
      details: [{ path: ['from'], code: 'invalid_range', message: 'is not before `to`' }],
    })
  return readReplica(actor, async (pool) => {
    const { workspaceId } = actor
    const { prompt, surface, client } = input
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const [inventory, grouped] = await Promise.all([
      readInventory(pool, workspaceId),
      readGroupedUsage(
        pool,
        { workspaceId, from, to, promptId, surface, client },
        input.limit ?? DEFAULT_ROWS,
      ),
    ])
    return assemble(from, to, inventory, grouped)
  })
}

function wholeHour(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 3_600_000) * 3_600_000)
}

type Inventory = Awaited<ReturnType<typeof readInventory>>

function assemble(from: Date, to: Date, inventory: Inventory, grouped: GroupedUsage): Stats {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    totals: { ...figures(grouped.total.get('') ?? emptyTally()), ...inventory },
    by_prompt: ranked(grouped.prompt).map(([name, tally]) => ({ name, ...figures(tally) })),
    by_surface: ranked(grouped.surface).map(([surface, tally]) => ({
      surface: asSurface(surface),
      ...figures(tally),
    })),
    by_client: ranked(grouped.client).map(([client, tally]) => ({
      client: client === '' ? null : client,
      ...figures(tally),
    })),
    dropped: usageBuffer().dropped,
  }
}

function ranked(tallies: Map<string, Tally>): [string, Tally][] {
  return [...tallies].toSorted(([nameA, a], [nameB, b]) => b.total - a.total || (nameA < nameB ? -1 : 1))
}

function asSurface(text: string): 'mcp' | 'rest' | 'browser' {
  return text === 'mcp' || text === 'browser' ? text : 'rest'
}

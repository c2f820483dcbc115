import type { Pool, PoolClient } from 'pg'
import { listSome } from '../ranks/list-days.ts'
import { listFailures } from '../ranks/list-failures.ts'
import { DAY_MS } from '../recording/partitions.ts'
import { USAGE_HOUR } from '../usage-source.ts'
import { advance } from './advance.ts'
import { rollUpHours } from './open-hours.ts'
import { endOf } from './runs.ts'
import { PROMPT, sumUp, WAY } from './sum-up.ts'
import { DAY_SUMMED_MS, HOUR_MS, HOUR_SUMMED_MS, takeBackFuture, takeBackLate } from './take-back.ts'

/** When a day has been over for so long, no instance can still hold events of it. */
const SETTLED_MS = DAY_MS

/**
 * Sums up what is over, for statistics: each hour and day by way and client, each prompt by days and, once they are
 * over, by thirds of months and months, and lists which prompts were used most and what failed most in them; of days that are not over, each hour.
 * What is not summed up yet is read from the hours of prompts and clients, so figures never depend on the progress of
 * this. Several instances may do it at once: they wait for each other. One call does a part of what there is.
 * @returns whether there may be more
 */
export async function rollUpUsage(pool: Pool, now: Date): Promise<boolean> {
  const days = startOf(DAY_MS, now.getTime() - DAY_SUMMED_MS)
  const hours = startOf(HOUR_MS, now.getTime() - HOUR_SUMMED_MS)
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM workspace')
  let isMore = false
  for (const { id } of rows) {
    await takeBackFuture(pool, id, { days, hours })
    await takeBackLate(pool, id, new Date(settledUpTo(now).getTime() - DAY_MS))
    const isOneMore = await repeat(() => rollUpDays(pool, id, days))
    isMore ||= isOneMore
    // Hours follow the days.
    if (!isOneMore) isMore = (await repeat(() => rollUpHours(pool, id, hours))) || isMore
    for (const unit of ['third', 'month'] as const)
      isMore = (await repeat(() => rollUpLonger(pool, id, unit))) || isMore
    isMore = (await repeat(() => listDays(pool, id))) || isMore
    isMore = (await repeat(() => listReasons(pool, id))) || isMore
  }
  return isMore
}

/** The end of the last day that no instance can still add uses to. */
export function settledUpTo(now: Date): Date {
  return startOf(DAY_MS, now.getTime() - SETTLED_MS)
}

/** The start of the hour or day of UTC that a time is in. */
function startOf(unitMs: number, ms: number): Date {
  return new Date(Math.floor(ms / unitMs) * unitMs)
}

/** So many days are summed up in one transaction. */
const DAYS = 7
/** And so many transactions for a workspace in one call, which is most of a year. */
const SLICES = 40

/** @returns whether it would have gone on */
async function repeat(step: () => Promise<boolean>): Promise<boolean> {
  for (let n = 0; n < SLICES; n++) if (!(await step())) return false
  return true
}

/** Sums up some days; false when there is nothing left to do. */
function rollUpDays(pool: Pool, workspaceId: string, upTo: Date): Promise<boolean> {
  return advance(pool, workspaceId, async (client, { until: from }) => {
    const to = new Date(Math.min(from.getTime() + DAYS * DAY_MS, upTo.getTime()))
    if (from < to) {
      // Thousands of prompts are sorted and counted: in the memory of a statement, not on disk.
      await client.query(`SET LOCAL work_mem = '64MB'`)
      for (const statement of STATEMENTS) await client.query(statement, [workspaceId, from, to])
      await client.query('UPDATE usage_rolled SET until = $2 WHERE workspace_id = $1', [workspaceId, to])
    }
    return to < upTo
  })
}

/** Sums up one third of a month, whose days are, or one month, whose thirds are; false when there is none. */
function rollUpLonger(pool: Pool, workspaceId: string, unit: 'third' | 'month'): Promise<boolean> {
  return advance(pool, workspaceId, async (client, rolled) => {
    const from = rolled[`${unit}s_until`] ?? (await firstMonth(client, workspaceId)) ?? rolled.until
    const to = new Date(endOf(unit, from.getTime()))
    const summed = unit === 'third' ? rolled.until : rolled.thirds_until
    if (summed === null || to > summed) return false
    await client.query(`SET LOCAL work_mem = '64MB'`)
    for (const statement of LONGER[unit]) await client.query(statement, [workspaceId, from, to])
    await client.query(`UPDATE usage_rolled SET ${unit}s_until = $2 WHERE workspace_id = $1`, [
      workspaceId,
      to,
    ])
    return true
  })
}

/** Lists some days or a month that are summed up; false when there are none. */
function listDays(pool: Pool, workspaceId: string): Promise<boolean> {
  return advance(pool, workspaceId, (client, rolled) => listSome(client, workspaceId, rolled))
}

/** Lists the reasons of failures of some days, or of a third or a month; false when there are none. */
function listReasons(pool: Pool, workspaceId: string): Promise<boolean> {
  return advance(pool, workspaceId, (client, { until }) => listFailures(client, workspaceId, until))
}

/** Start of the first month that has days; the month may have begun before its first use. */
async function firstMonth(client: PoolClient, workspaceId: string): Promise<Date | undefined> {
  const { rows } = await client.query<{ month: Date | null }>(
    `SELECT date_trunc('month', min(hour), 'UTC') AS month FROM usage_prompt_day WHERE workspace_id = $1`,
    [workspaceId],
  )
  return rows[0]?.month ?? undefined
}

const DAY = `date_trunc('day', hour, 'UTC')`
/** Of one month, or third of it, at once. */
const START = '$2::timestamptz'

/** The finest first: the others are made from them. */
const STATEMENTS = [
  sumUp('usage_way_hour', USAGE_HOUR, 'hour', WAY),
  sumUp('usage_prompt_way_day', USAGE_HOUR, DAY, [...PROMPT, ...WAY]),
  sumUp('usage_all_hour', 'usage_way_hour', 'hour', []),
  sumUp('usage_way_day', 'usage_way_hour', DAY, WAY),
  sumUp('usage_prompt_day', 'usage_prompt_way_day', 'hour', PROMPT),
]

const LONGER = {
  third: [sumUp('usage_prompt_third', 'usage_prompt_day', START, PROMPT)],
  month: [
    sumUp('usage_prompt_way_month', 'usage_prompt_way_day', START, [...PROMPT, ...WAY]),
    sumUp('usage_prompt_month', 'usage_prompt_third', START, PROMPT),
  ],
}

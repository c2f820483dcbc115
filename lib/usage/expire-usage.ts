import { getRuntime } from '../runtime.ts'
import { DAY_MS, dayOf } from './recording/partitions.ts'

/** Bound for one round: a wrong clock deletes no more of the history before it is noticed. */
const DAYS_AT_ONCE = 7
const ROWS_AT_ONCE = 5000
const ROUNDS = 20

/**
 * Drops single uses that are older than `limits.usage_retention_days`, some days in one round; their sums stay.
 * The older of both clocks counts, the app's and the database's.
 * @returns whether there may be more
 */
export async function expireUsage(now = new Date()): Promise<boolean> {
  const { config, database } = getRuntime()
  const oldest = dayOf(now.getTime() - config.limits.usage_retention_days * DAY_MS)
  const { rows } = await database.primary.pool.query<{ dropped: number }>(
    `SELECT drop_usage_partitions(least($1::date, (now() AT TIME ZONE 'UTC')::date - $2::integer), $3) AS dropped`,
    [oldest, config.limits.usage_retention_days, DAYS_AT_ONCE],
  )
  return rows[0]?.dropped === DAYS_AT_ONCE
}

/**
 * Deletes the reasons of failures and the callers that are older than `limits.usage_failures_days` and
 * `limits.usage_callers_days`, some of them in one round. The older of both clocks counts.
 * @returns whether there may be more
 */
export async function expireRollUps(now = new Date()): Promise<boolean> {
  const { limits } = getRuntime().config
  let isMore = await deleteOlder(FAILURES, limits.usage_failures_days, now)
  for (const statement of [CALLERS, ACTORS, ACTOR_PROMPTS])
    isMore = (await deleteOlder(statement, limits.usage_callers_days, now)) || isMore
  return isMore
}

const FAILURES = `DELETE FROM usage_failure_hour WHERE workspace_id = $1 AND id IN (
  SELECT id FROM usage_failure_hour
  WHERE workspace_id = $1 AND hour < least($2::timestamptz, now()) - make_interval(days => $3) LIMIT $4)`
const CALLERS = `DELETE FROM usage_caller_day WHERE workspace_id = $1 AND id IN (
  SELECT id FROM usage_caller_day
  WHERE workspace_id = $1 AND hour < least($2::timestamptz, now()) - make_interval(days => $3) LIMIT $4)`
const ACTORS = `DELETE FROM usage_actor_day WHERE workspace_id = $1 AND id IN (
  SELECT id FROM usage_actor_day
  WHERE workspace_id = $1 AND hour < least($2::timestamptz, now()) - make_interval(days => $3) LIMIT $4)`
const ACTOR_PROMPTS = `DELETE FROM usage_actor_prompt_day WHERE workspace_id = $1 AND id IN (
  SELECT id FROM usage_actor_prompt_day
  WHERE workspace_id = $1 AND hour < least($2::timestamptz, now()) - make_interval(days => $3) LIMIT $4)`

async function deleteOlder(statement: string, days: number, now: Date): Promise<boolean> {
  if (days === 0) return false
  const { pool } = getRuntime().database.primary
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM workspace')
  let isMore = false
  for (const { id } of rows) {
    let round = 0
    while (round < ROUNDS && (await deleteSome(statement, [id, now, days, ROWS_AT_ONCE]))) round++
    isMore ||= round === ROUNDS
  }
  return isMore
}

/** @returns whether there may be more */
async function deleteSome(statement: string, values: unknown[]): Promise<boolean> {
  const { rowCount } = await getRuntime().database.primary.pool.query(statement, values)
  return (rowCount ?? 0) === ROWS_AT_ONCE
}

/**
 * Deletes answers that were kept for an Idempotency-Key and have expired, some of them in one round.
 * @returns whether there may be more
 */
export async function expireKeys(): Promise<boolean> {
  let round = 0
  while (round < ROUNDS && (await deleteSome(KEYS, [ROWS_AT_ONCE]))) round++
  return round === ROUNDS
}

const KEYS = `DELETE FROM idempotency_key WHERE (workspace_id, actor_id, route, key) IN
  (SELECT workspace_id, actor_id, route, key FROM idempotency_key WHERE expires_at < now() LIMIT $1)`

import type { Tx } from '../../db/client.ts'
import type { WantedWindow } from './spending.ts'

export interface TakenWindows {
  /** The time that decided which windows these are. */
  at: Date
  /** Those that had no room. Nothing is taken from the others then. */
  full: WantedWindow[]
}

interface Row {
  at: Date
  subject: string
  period: string
  is_taken: boolean
}

/**
 * Takes from all windows, or from none. One statement, so that nobody comes between the look and the
 * taking: a row is added to only where the sum stays within its limit. Rows are locked in the order of
 * their keys, and stay locked until the transaction ends.
 * @param at the time that counts; without it the database's clock
 */
export async function takeWindows(
  tx: Tx,
  workspaceId: string,
  wanted: readonly WantedWindow[],
  at: Date | undefined,
): Promise<TakenWindows> {
  const rows = await tx.$queryRaw<Row[]>`
    WITH moment AS MATERIALIZED (
      SELECT date_trunc('milliseconds', coalesce(${at ?? null}::timestamptz, clock_timestamp())) AS at
    ), wanted AS MATERIALIZED (
      SELECT w.*, date_trunc(w.period, moment.at, 'UTC') AS starts_at
      FROM moment, json_to_recordset(${JSON.stringify(wanted)}::json) AS w (subject text, period text,
        requests bigint, tokens bigint, cost numeric, max_requests bigint, max_tokens bigint, max_cost numeric)
    ), taken AS (
      INSERT INTO ai_spending AS s (workspace_id, subject, period, starts_at, requests, tokens, cost)
      SELECT ${workspaceId}::uuid, w.subject, w.period, w.starts_at, w.requests, w.tokens, w.cost FROM wanted w
      WHERE w.requests <= coalesce(w.max_requests, w.requests) AND w.tokens <= coalesce(w.max_tokens, w.tokens)
        AND w.cost <= coalesce(w.max_cost, w.cost)
      ORDER BY w.subject COLLATE "C", w.period COLLATE "C"
      ON CONFLICT (workspace_id, subject, period, starts_at) DO UPDATE SET requests = s.requests + excluded.requests,
        tokens = s.tokens + excluded.tokens, cost = s.cost + excluded.cost
      WHERE EXISTS (
        SELECT FROM wanted w WHERE w.subject = s.subject AND w.period = s.period
          AND (w.max_requests IS NULL OR s.requests + w.requests <= w.max_requests)
          AND (w.max_tokens IS NULL OR s.tokens + w.tokens <= w.max_tokens)
          AND (w.max_cost IS NULL OR s.cost + w.cost <= w.max_cost)
      )
      RETURNING s.subject, s.period
    )
    SELECT moment.at, w.subject, w.period, taken.subject IS NOT NULL AS is_taken
    FROM moment CROSS JOIN wanted w LEFT JOIN taken ON taken.subject = w.subject AND taken.period = w.period`
  const taken = new Set(rows.flatMap((row) => (row.is_taken ? [`${row.subject} ${row.period}`] : [])))
  const decided = rows[0]?.at ?? new Date()
  const full = wanted.filter(({ subject, period }) => !taken.has(`${subject} ${period}`))
  if (full.length > 0) {
    // The caller may go on with its transaction, with another configuration say.
    const others = wanted.filter((each) => !full.includes(each))
    await addToWindows(tx, workspaceId, decided, others.map(negative))
  }
  return { at: decided, full }
}

/** What is added to one window; negative numbers give back. */
export interface Addition {
  subject: string
  period: string
  requests: number
  tokens: number
  cost: string
}

function negative({ subject, period, requests, tokens, cost }: Addition): Addition {
  return { subject, period, requests: -requests, tokens: -tokens, cost: `-${cost}` }
}

/** Adds to windows that hold a time, whatever their limits; none falls below zero, none is made. */
export async function addToWindows(
  tx: Tx,
  workspaceId: string,
  at: Date,
  additions: readonly Addition[],
): Promise<void> {
  if (additions.length === 0) return
  await tx.$executeRaw`
    WITH given AS MATERIALIZED (
      SELECT g.*, date_trunc(g.period, ${at}::timestamptz, 'UTC') AS starts_at
      FROM json_to_recordset(${JSON.stringify(additions)}::json)
        AS g (subject text, period text, requests bigint, tokens bigint, cost numeric)
    ), locked AS MATERIALIZED (
      SELECT s.subject, s.period, s.starts_at, g.requests, g.tokens, g.cost FROM ai_spending s
      JOIN given g ON g.subject = s.subject AND g.period = s.period AND g.starts_at = s.starts_at
      WHERE s.workspace_id = ${workspaceId}::uuid ORDER BY s.subject, s.period FOR UPDATE OF s
    )
    UPDATE ai_spending s SET requests = greatest(0, s.requests + l.requests),
      tokens = greatest(0, s.tokens + l.tokens), cost = greatest(0, s.cost + l.cost)
    FROM locked l WHERE s.workspace_id = ${workspaceId}::uuid
      AND s.subject = l.subject AND s.period = l.period AND s.starts_at = l.starts_at`
}

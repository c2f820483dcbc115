import type { FunctionConfiguration, Rate } from './configuration.ts'
import type { Sql } from './database.ts'
import type { StoredEvent } from './event.ts'

/** When a run may begin: now, later (throttle), or never (rateLimit). */
export async function beginning(
  { id, throttle, rateLimit }: FunctionConfiguration,
  event: StoredEvent,
  sql: Sql,
  schema: string,
): Promise<Date | 'never' | undefined> {
  if (rateLimit !== undefined) {
    const limit = { ...rateLimit, burst: rateLimit.limit }
    const { rowCount } = await sql.query(
      `INSERT INTO ${schema}.rate AS r (key, next_at) VALUES ($1, now() + $2 * interval '1 ms')
       ON CONFLICT (key) DO UPDATE SET next_at = greatest(r.next_at, now()) + $2 * interval '1 ms'
       WHERE r.next_at <= now() + $3 * interval '1 ms'`,
      rateValues(`${id} rate`, limit, event),
    )
    if (rowCount === 0) return 'never'
  }
  if (throttle === undefined) return undefined
  const { rows } = await sql.query<{ start: Date }>(
    `INSERT INTO ${schema}.rate AS r (key, next_at) VALUES ($1, now() + $2 * interval '1 ms')
     ON CONFLICT (key) DO UPDATE SET next_at = greatest(r.next_at, now()) + $2 * interval '1 ms'
     RETURNING next_at - ($2 + $3) * interval '1 ms' AS start`,
    rateValues(`${id} throttle`, throttle, event),
  )
  return rows[0]?.start
}

/** Name, milliseconds between two, and how far ahead of the even pace a burst may be. */
function rateValues(name: string, { limit, periodMs, burst, key }: Rate, event: StoredEvent) {
  const value = key?.evaluate({ event })
  const interval = periodMs / limit
  return [value === undefined ? name : `${name} ${JSON.stringify(value)}`, interval, (burst - 1) * interval]
}

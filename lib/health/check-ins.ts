import { onPrimary } from '../db/read.ts'

const STEP = 'inngest_check_in'

/** Notes that whoever runs the functions has called one just now; every instance can see it. */
export async function noteCheckIn(): Promise<void> {
  await onPrimary(({ pool }) =>
    pool.query(
      `INSERT INTO upkeep (step, succeeded_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`,
      [STEP],
    ),
  )
}

/** Milliseconds since the last one at any instance; Infinity when there was none. @throws unavailable */
export async function sinceCheckIn(): Promise<number> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp() - succeeded_at) * 1000)::float8 AS ms FROM upkeep WHERE step = $1',
      [STEP],
    ),
  )
  return rows[0]?.ms ?? Number.POSITIVE_INFINITY
}

import type { Pool, PoolClient } from 'pg'

/** How far a workspace is summed up. */
export interface Rolled {
  /** By days of UTC, up to this one. */
  until: Date
  months_until: Date | null
  /** Thirds of months. */
  thirds_until: Date | null
  /** The hours of the days that follow, up to this one. */
  hours_until: Date | null
}

/**
 * One step in one transaction; instances that do it at once wait for each other.
 * @param step gets how far the workspace is, unless it has no use at all; true: there may be more
 */
export async function advance(
  pool: Pool,
  workspaceId: string,
  step: (client: PoolClient, rolled: Rolled) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(MARK, [workspaceId])
    const { rows } = await client.query<Rolled>(
      'SELECT until, months_until, thirds_until, hours_until FROM usage_rolled WHERE workspace_id = $1 FOR UPDATE',
      [workspaceId],
    )
    const isMore = rows[0] !== undefined && (await step(client, rows[0]))
    await client.query('COMMIT')
    return isMore
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** The first time, it begins with the first day there is. */
const MARK = `INSERT INTO usage_rolled (workspace_id, until)
  SELECT $1, date_trunc('day', min(hour), 'UTC') FROM usage_hour WHERE workspace_id = $1 HAVING min(hour) IS NOT NULL
  ON CONFLICT DO NOTHING`

import { getRuntime } from '../runtime.ts'

const HOUR_MS = 3_600_000

/** The start of the hour that was so many hours ago. */
export function hourBefore(hours: number): Date {
  return new Date((Math.floor(Date.now() / HOUR_MS) - hours) * HOUR_MS)
}

/** Uses of the prompt `watched` in one hour. */
export interface UsedHour {
  hour: Date
  total: number
  failed?: number
  label?: string
  client?: string
}

/** Writes uses as the roll-ups have them. */
export async function useHour(
  workspaceId: string,
  { hour, total, failed = 0, label = 'production', client = 'ci' }: UsedHour,
): Promise<void> {
  await getRuntime().database.primary.pool.query(
    `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
       total, failed, duration_us, bucket_numbers, bucket_counts, last_at)
     SELECT gen_random_uuid(), $1, $2, id, 1, $5, 'render', 'rest', $6, $3::bigint, $4, 5000, '{5}',
       ARRAY[$3::bigint], $2
     FROM prompt_template WHERE workspace_id = $1 AND name = 'watched'`,
    [workspaceId, hour, total, failed, label, client],
  )
}

import { readPrimary } from '../../db/read.ts'
import { jobSender } from '../../jobs.ts'
import { requested } from '../announce.ts'

const AT_ONCE = 1000

const QUEUED = `SELECT id, workspace_id AS "workspaceId", queue, configuration->>'provider' AS provider,
    floor(extract(epoch FROM now() - created_at) / 60)::integer AS minutes
  FROM generated_content
  WHERE status = 'queued' AND run_id IS NULL AND created_at < now() - make_interval(secs => $1)
  ORDER BY created_at LIMIT $2`

interface Queued {
  id: string
  workspaceId: string
  queue: 'interactive' | 'batch'
  provider: string
  minutes: number
}

/**
 * Sends again what has been waiting for long and was taken by no run: its event was lost. After one minute,
 * two, four, eight … the event has another id, so that it starts a run even where the first id is remembered;
 * within these times it is the same one, and starts none.
 * @returns how many were sent
 * @throws unavailable
 */
export async function sendQueued({ olderThanSeconds = 60 } = {}): Promise<number> {
  const { rows } = await readPrimary(({ pool }) =>
    pool.query<Queued>({ name: 'generations.queued', text: QUEUED, values: [olderThanSeconds, AT_ONCE] }),
  )
  if (rows.length > 0)
    await jobSender().send(
      rows.map(({ minutes, ...row }) =>
        requested({ ...row, sweep: Math.floor(Math.log2(Math.max(1, minutes))) }),
      ),
    )
  return rows.length
}

import { readPrimary } from '../../db/read.ts'
import { jobSender } from '../../jobs.ts'
import { requested } from '../announce.ts'

const PAGE = 1000
/** After an outage many wait: a round hands over no more than this many pages of them. */
const PAGES = 20
const FIRST = { id: '00000000-0000-0000-0000-000000000000', createdAt: new Date(0) }

const QUEUED = `SELECT id, workspace_id AS "workspaceId", queue, configuration->>'provider' AS provider,
    created_at AS "createdAt", floor(extract(epoch FROM now() - created_at) / 60)::integer AS minutes
  FROM generated_content
  WHERE status = 'queued' AND run_id IS NULL AND created_at < now() - make_interval(secs => $1)
    AND (created_at, id) > ($3::timestamptz, $4::uuid)
  ORDER BY created_at, id LIMIT $2`

interface Queued {
  id: string
  workspaceId: string
  queue: 'interactive' | 'batch'
  provider: string
  createdAt: Date
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
  let sent = 0
  let after = FIRST
  for (let page = 0; page < PAGES; page++) {
    const values = [olderThanSeconds, PAGE, after.createdAt, after.id]
    const { rows } = await readPrimary(({ pool }) =>
      pool.query<Queued>({ name: 'generations.queued', text: QUEUED, values }),
    )
    if (rows.length > 0) await jobSender().send(rows.map((row) => requested(asSweep(row))))
    sent += rows.length
    after = rows.at(-1) ?? after
    if (rows.length < PAGE) break
  }
  return sent
}

function asSweep({ id, workspaceId, queue, provider, minutes }: Queued) {
  return { id, workspaceId, queue, provider, sweep: Math.floor(Math.log2(Math.max(1, minutes))) }
}

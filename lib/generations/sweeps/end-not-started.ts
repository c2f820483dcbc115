import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import { endUnattended, type GenerationEnd, tellOfGenerations } from '../store/generation-row.ts'
import { generationHub } from '../streaming/hub.ts'
import type { Target } from '../streaming/read-progress.ts'

const AT_ONCE = 500

const NOT_STARTED = `SELECT workspace_id AS "workspaceId", id FROM generated_content
  WHERE status = 'queued' AND run_id IS NULL AND created_at < now() - make_interval(hours => $1)
  ORDER BY created_at LIMIT $2`

/**
 * Ends generations that no process has taken within `limits.generation_start_hours`: their followers learn of it, and
 * their reservations are given back.
 * @returns whether there may be more
 * @throws unavailable
 */
export async function endNotStarted(): Promise<boolean> {
  const hours = getRuntime().config.limits.generation_start_hours
  const { rows } = await onPrimary(({ pool }) => pool.query<Target>(NOT_STARTED, [hours, AT_ONCE]))
  for (const target of rows) {
    await onPrimary(({ prisma }) => prisma.$transaction((tx) => endUnattended(tx, target, notStarted(hours))))
    generationHub().look(target.id)
    tellOfGenerations(target.workspaceId)
  }
  return rows.length === AT_ONCE
}

function notStarted(hours: number): GenerationEnd {
  const message = `No process took it within ${hours} hours (limits.generation_start_hours): see docs/inngest.md.`
  return { status: 'failed', text: null, reason: { code: 'not_started', message } }
}

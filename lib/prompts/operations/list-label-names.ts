import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'

const SELECT = `SELECT DISTINCT l.label FROM prompt_label l
  JOIN prompt_template p ON p.workspace_id = l.workspace_id AND p.id = l.prompt_id AND p.archived_at IS NULL
  WHERE l.workspace_id = $1::uuid ORDER BY l.label`

/**
 * The labels that active prompts have, in order. An actor pinned to a label is told of no other.
 * @throws forbidden, unavailable
 */
export const listLabelNames = operation('listLabelNames', run)

async function run(actor: Actor): Promise<string[]> {
  assertMay(actor, 'read')
  if (actor.label !== null) return [actor.label]
  const { rows } = await readReplica(actor, (pool) =>
    pool.query<{ label: string }>({ name: 'prompts.label-names', text: SELECT, values: [actor.workspaceId] }),
  )
  return rows.map((row) => row.label)
}

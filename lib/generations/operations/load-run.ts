import { type Actor, ALL_SCOPES } from '../../access/actor.ts'
import { readPrimary } from '../../db/read.ts'
import type { Target } from '../streaming/read-progress.ts'

/** What a run has to know; plain JSON, for it is kept between the steps. */
export type RunPlan =
  /** There is nothing to do: it has ended, or another run has taken it. */
  | { kind: 'ended' }
  /** `configurationId`: the one to begin with; null: it is gone. */
  | { kind: 'run'; asker: Asker; configurationId: string | null }

/** Who asked, and how. */
export interface Asker {
  id: string
  kind: Actor['kind']
  surface: Actor['request']['surface']
  requestId: string | null
}

export interface LoadRunInput extends Target {
  runId: string
  /** Whether the sweeper has started the run. */
  isSweep?: boolean
}

interface Row extends Asker {
  run_id: string
  configuration_id: string | null
}

/**
 * The first run that comes takes the generation; the same run may come again after a crash. A run that the
 * sweeper has started takes it over from one that was lost, unless a call is being made.
 */
const TAKE = `UPDATE generated_content g SET run_id = CASE WHEN g.run_id IS NULL OR $4::boolean AND NOT EXISTS (
    SELECT FROM generation_attempt o
    WHERE o.workspace_id = g.workspace_id AND o.generation_id = g.id AND o.status = 'running'
  ) THEN $3::text ELSE g.run_id END
  FROM actor a
  WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid AND g.status IN ('queued', 'running')
    AND a.workspace_id = g.workspace_id AND a.id = g.created_by
  RETURNING g.run_id, a.id, a.kind, g.surface, g.request_id AS "requestId", coalesce((
    SELECT w.configuration_id FROM generation_attempt w
    WHERE w.workspace_id = g.workspace_id AND w.generation_id = g.id AND w.status = 'waiting' LIMIT 1
  ), g.configuration_id) AS configuration_id`

/**
 * Takes a generation for a run of the function: says whom it acts for, and which configuration it begins
 * with, which is the one that the first attempt was set aside for.
 * @throws unavailable
 */
export async function loadRun({ workspaceId, id, runId, isSweep = false }: LoadRunInput): Promise<RunPlan> {
  const { rows } = await readPrimary(({ pool }) =>
    pool.query<Row>({ name: 'generations.take', text: TAKE, values: [workspaceId, id, runId, isSweep] }),
  )
  const [row] = rows
  if (row === undefined || row.run_id !== runId) return { kind: 'ended' }
  const { run_id: _run, configuration_id: configurationId, ...asker } = row
  return { kind: 'run', asker, configurationId }
}

/** The one who asked, as a run acts. While there are no accounts everybody has the owner's rights. */
export function actorOf(workspaceId: string, { id, kind, surface, requestId }: Asker): Actor {
  const request = { id: requestId ?? id, surface, outcome: {} }
  return { id, kind, workspaceId, role: 'owner', scopes: ALL_SCOPES, label: null, request }
}

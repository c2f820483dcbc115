import type { Actor } from '../../access/actor.ts'
import { actorNow, type KeptActor, restoreActor } from '../../access/kept-actor.ts'
import { onPrimary } from '../../db/read.ts'
import { ERROR_CATALOGUE, isAppError } from '../../errors.ts'
import type { Target } from '../streaming/read-progress.ts'
import { failGeneration } from './fail-generation.ts'
import { renderWaiting, type Unrendered } from './render-waiting.ts'

/** What a run has to know; plain JSON, for it is kept between the steps. */
export type RunPlan =
  /** There is nothing to do: it has ended, another run has taken it, or it cannot be rendered. */
  | { kind: 'ended' }
  /**
   * `asker`: the requester, by the name that plans of runs under way have kept. `configurationId`: the one to begin
   * with; null: it is gone.
   */
  | {
      kind: 'run'
      asker: KeptActor
      configurationId: string | null
      /** What was rendered; plans of runs under way may lack it. */
      prompt?: RunPrompt
    }

/** The version that a run sends. */
export interface RunPrompt {
  name: string
  version: number
}

export interface LoadRunInput extends Target {
  runId: string
  /** Whether the run was started in the place of a lost one. */
  isSweep?: boolean
}

interface Row extends KeptActor {
  run_id: string
  configuration_id: string | null
  unrendered: Unrendered | null
  prompt: RunPrompt
}

/** Why a run does not begin, or go on. */
export const NO_RIGHTS = {
  code: 'forbidden',
  message: 'The actor that asked for this generation may not run generations any more.',
}

/**
 * The first run that comes takes the generation; the same run may come again after a crash. A run that the
 * sweeper has started takes it over from one that was lost, unless a call is being made.
 */
const TAKE = `UPDATE generated_content g SET run_id = CASE WHEN g.run_id IS NULL OR $4::boolean AND NOT EXISTS (
    SELECT FROM generation_attempt o
    WHERE o.workspace_id = g.workspace_id AND o.generation_id = g.id AND o.status = 'running'
  ) THEN $3::text ELSE g.run_id END, taken_at = coalesce(g.taken_at, clock_timestamp())
  FROM actor a, prompt_template p
  WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid AND g.status IN ('queued', 'running')
    AND a.workspace_id = g.workspace_id AND a.id = g.created_by
    AND p.workspace_id = g.workspace_id AND p.id = g.prompt_id
  RETURNING g.run_id, a.id, a.kind, g.surface, g.request_id AS "requestId", g.rights, coalesce((
    SELECT w.configuration_id FROM generation_attempt w
    WHERE w.workspace_id = g.workspace_id AND w.generation_id = g.id AND w.status = 'waiting' LIMIT 1
  ), g.configuration_id) AS configuration_id,
    json_build_object('name', p.name, 'version', g.version_number) AS prompt, CASE WHEN g.messages IS NULL AND g.cancel_requested_at IS NULL THEN
    json_build_object('prompt', p.name, 'version', g.version_number, 'variables', g.variables) END AS unrendered`

/**
 * Takes a generation for a run of the function: says whom it acts for, and which configuration it begins
 * with, which is the one that the first attempt was set aside for. One of a batch is rendered now; where that
 * cannot be done it fails, with the reason.
 * @throws unavailable
 */
export async function loadRun({ workspaceId, id, runId, isSweep = false }: LoadRunInput): Promise<RunPlan> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Row>({ name: 'generations.take', text: TAKE, values: [workspaceId, id, runId, isSweep] }),
  )
  const [row] = rows
  if (row === undefined || row.run_id !== runId) return { kind: 'ended' }
  const { run_id: _run, configuration_id: configurationId, unrendered, prompt, ...requester } = row
  const actor = await actorNow(workspaceId, requester, 'generations:run')
  if (actor === undefined) {
    await failGeneration(restoreActor(workspaceId, requester), { id, reason: NO_RIGHTS })
    return { kind: 'ended' }
  }
  if (unrendered !== null && !(await rendered(actor, { workspaceId, id }, unrendered)))
    return { kind: 'ended' }
  return { kind: 'run', asker: requester, configurationId, prompt }
}

/** @returns false when that can never be done: the generation has failed then */
async function rendered(actor: Actor, target: Target, unrendered: Unrendered): Promise<boolean> {
  try {
    await renderWaiting(actor, target, unrendered)
    return true
  } catch (error) {
    // The step retries failures that may pass, such as a database or workers without room.
    if (!isAppError(error) || ERROR_CATALOGUE[error.code].status >= 500) throw error
    const reason = { code: 'cannot_render', message: error.message }
    await failGeneration(actor, { id: target.id, reason })
    return false
  }
}

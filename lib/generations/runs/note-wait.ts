import type { Actor } from '../../access/actor.ts'
import { isoTime } from '../../db/columns.ts'
import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import type { WaitKind } from '../status.ts'

interface Wait {
  /** Of the generation. */
  id: string
  configurationId: string
  kind: WaitKind
  seconds: number
}

/** Waits that one generation has on record: more tell nothing new. */
const MOST = 100

/** A wait that goes on where the last one stands is one with it. */
const NOTE = `UPDATE generated_content g SET waits = CASE WHEN g.waits->-1 @> w.what
      THEN jsonb_set(g.waits, '{-1,ms}', to_jsonb($5::bigint
        + (extract(epoch FROM clock_timestamp() - (g.waits->-1->>'at')::timestamptz) * 1000)::bigint))
      ELSE coalesce(g.waits, '[]') || (w.what || jsonb_build_object('at', ${isoTime('clock_timestamp()')}, 'ms', $5::bigint)) END
  FROM (
    SELECT jsonb_build_object('kind', $4::text,
      'configuration', (SELECT c.name FROM ai_configuration c WHERE c.workspace_id = $1::uuid AND c.id = $3::uuid),
      'after_attempt', (SELECT coalesce(max(a.attempt), 0) FROM generation_attempt a
        WHERE a.workspace_id = $1::uuid AND a.generation_id = $2::uuid AND a.status <> 'waiting')) AS what
  ) w
  WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid AND g.status IN ('queued', 'running')
    AND coalesce(jsonb_array_length(g.waits), 0) < ${MOST}`

/**
 * Puts on record that a run waits, so that the page of the generation can say what its time went by with. A wait that
 * cannot be written down is waited all the same.
 */
export async function noteWait(
  { workspaceId }: Actor,
  { id, configurationId, kind, seconds }: Wait,
): Promise<void> {
  const values = [workspaceId, id, configurationId, kind, Math.round(seconds * 1000)]
  try {
    await onPrimary(({ pool }) => pool.query({ name: 'generations.wait', text: NOTE, values }))
  } catch (error) {
    getRuntime().log.warn({ err: error, generation_id: id }, 'a wait of a generation is not on record')
  }
}

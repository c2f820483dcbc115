import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import {
  ATTEMPT_SUMS,
  type AttemptEnd,
  endAttemptSql,
  endAttemptValues,
  type StoredAttempt,
} from '../store/attempt.ts'
import { endSql, tellOfGenerations } from '../store/generation-row.ts'

export interface FinishAttemptInput {
  id: string
  attempt: StoredAttempt
  end: AttemptEnd
  /** What has arrived. */
  text: string
}

const END_AT = { status: '$3', text: '$16', finishReason: '$12', latencyMs: '$10', firstTokenMs: '$11' }

/**
 * The fast path, one statement: many attempts end at the same time, and each holds the rows of its limits for as
 * long as this takes. It locks the generation ($15) first, as every change of its state does. The generation's
 * figures are the sums of all its attempts; the pieces of its text go, for its row has the whole text.
 */
const FAST_PATH = `WITH generation AS MATERIALIZED (
    SELECT g.id FROM generated_content g
    WHERE g.workspace_id = $1::uuid AND g.id = $15::uuid AND g.status IN ('queued', 'running') FOR UPDATE
  ), ${endAttemptSql('EXISTS (SELECT FROM generation)')},
  pieces AS (
    DELETE FROM generation_chunk c USING ended
    WHERE c.workspace_id = $1::uuid AND c.generation_id = $15::uuid AND $3 <> 'failed'
  ), whole AS (
    UPDATE generated_content g SET error_code = NULL, error_message = NULL, model = ended.model, ${endSql(END_AT)}
    FROM ended, (
      SELECT ${ATTEMPT_SUMS}
      FROM (
        SELECT input_tokens, output_tokens, cost FROM ended
        UNION ALL SELECT o.input_tokens, o.output_tokens, o.cost FROM generation_attempt o
        WHERE o.workspace_id = $1::uuid AND o.generation_id = $15::uuid AND o.id <> $2::uuid
      ) each_attempt
    ) t
    WHERE g.workspace_id = $1::uuid AND g.id = $15::uuid AND $3 <> 'failed'
  )
  SELECT EXISTS (SELECT FROM ended) AS kept, (SELECT count(*) FROM settled)`

/**
 * Keeps what came of an attempt: its figures, its cost and, unless it failed, the text and the end of the
 * generation, together. So an answer is either kept and paid for, or neither.
 * @returns whether it was kept: not when the attempt was taken for dead meanwhile
 * @throws unavailable
 */
export async function finishAttempt(actor: Actor, input: FinishAttemptInput): Promise<boolean> {
  const { id, attempt, end } = input
  const text = end.status === 'cancelled' && input.text === '' ? null : input.text
  const values = [...endAttemptValues(actor.workspaceId, attempt, end), id, text]
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ kept: boolean }>({ name: 'generations.finish', text: FAST_PATH, values }),
  )
  const isKept = rows[0]?.kept === true
  if (isKept) tellOfGenerations(actor.workspaceId)
  return isKept
}

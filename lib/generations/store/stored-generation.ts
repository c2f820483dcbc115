import type pg from 'pg'
import { settingsOfRun } from '../../ai/calls/call-plan.ts'
import type { RunConfig } from '../../ai/run-settings.ts'
import type { Tx } from '../../db/client.ts'
import { actorJson, isoTime } from '../../db/columns.ts'
import { generationReceipt } from '../../outcomes/receipt.ts'
import type { Generation } from '../schema.ts'

const error = (row: string) => `CASE WHEN ${row}.error_code IS NULL THEN NULL
  ELSE json_build_object('code', ${row}.error_code, 'message', coalesce(${row}.error_message, '')) END`

/** Milliseconds in the queue, and tokens a second: as the indexes of the sorts have them. */
export const QUEUE_MS = 'generation_queue_ms(g.created_at, g.started_at)'
export const SPEED = 'generation_speed(g.output_tokens, g.latency_ms, g.first_token_ms)'

/** The members that a generation has in lists and alone; `g` is its row, `w` the attempt that answered. */
const COMMON = `'id', g.id, 'status', g.status, 'prompt', p.name, 'version', g.version_number, 'label', g.label,
  'is_draft', g.draft IS NOT NULL, 'configuration', g.configuration->>'name',
  'provider', coalesce(w.provider, g.configuration->>'provider'),
  'model', coalesce(w.model, g.model, g.configuration->>'model'), 'queue', g.queue, 'batch_id', g.batch_id,
  'retry_of', g.retry_of, 'input_tokens', g.input_tokens, 'output_tokens', g.output_tokens,
  'cost', g.cost::float8, 'latency_ms', g.latency_ms, 'first_token_ms', g.first_token_ms,
  'tokens_per_second', ${SPEED}::float8, 'queue_ms', ${QUEUE_MS}, 'error', ${error('g')},
  'ratings', (SELECT json_build_object('successes', count(*) FILTER (WHERE o.outcome = 'success'),
      'failures', count(*) FILTER (WHERE o.outcome = 'failure')) FROM outcome o
    WHERE o.workspace_id = g.workspace_id AND o.receipt_id = g.id AND o.replaced_at IS NULL),
  'author', ${actorJson('a')},
  'created_at', ${isoTime('g.created_at')}, 'started_at', ${isoTime('g.started_at')},
  'finished_at', ${isoTime('g.finished_at')}, 'cancel_requested_at', ${isoTime('g.cancel_requested_at')}`

const JOINS = `JOIN prompt_template p ON p.workspace_id = g.workspace_id AND p.id = g.prompt_id
  JOIN actor a ON a.workspace_id = g.workspace_id AND a.id = g.created_by
  LEFT JOIN LATERAL (
    SELECT t.provider, t.model FROM generation_attempt t
    WHERE t.workspace_id = g.workspace_id AND t.generation_id = g.id AND t.status = 'succeeded' LIMIT 1
  ) w ON true`

/** One column `item`, a GenerationSummary, of the rows that `FROM generated_content g` names. */
export const SUMMARY = {
  columns: `json_build_object(${COMMON}, 'excerpt', left(g.text, 200)) AS item`,
  joins: JOINS,
}

/** What has arrived of a text that is not whole yet: the pieces of the newest attempt. */
const ARRIVED = `(SELECT string_agg(c.text, '' ORDER BY c.position) FROM generation_chunk c
  WHERE c.workspace_id = g.workspace_id AND c.generation_id = g.id AND c.attempt = (
    SELECT max(l.attempt) FROM generation_attempt l WHERE l.workspace_id = g.workspace_id AND l.generation_id = g.id))`

const ATTEMPTS = `(SELECT coalesce(json_agg(json_build_object('attempt', t.attempt, 'status', t.status,
    'configuration', t.configuration_name, 'provider', t.provider, 'model', t.model,
    'provider_request_id', t.provider_request_id, 'input_tokens', t.input_tokens,
    'output_tokens', t.output_tokens, 'cost', t.cost::float8, 'latency_ms', t.latency_ms,
    'first_token_ms', t.first_token_ms, 'finish_reason', t.finish_reason, 'error', ${error('t')},
    'started_at', ${isoTime('t.started_at')}, 'finished_at', ${isoTime('t.finished_at')}) ORDER BY t.attempt), '[]')
  FROM generation_attempt t WHERE t.workspace_id = g.workspace_id AND t.generation_id = g.id)`

const WHOLE = `SELECT json_build_object(${COMMON}, 'prompt_id', g.prompt_id, 'checksum', g.checksum, 'draft', g.draft,
    'variables', g.variables, 'is_rendered', g.messages IS NOT NULL, 'messages', coalesce(g.messages, '[]'),
    'configuration_as_it_was', g.configuration, 'config', g.config, 'text', coalesce(g.text, ${ARRIVED}), 'finish_reason', g.finish_reason,
    'redacted_at', ${isoTime('g.redacted_at')}, 'attempts', ${ATTEMPTS},
    'taken_at', ${isoTime('g.taken_at')}, 'waits', coalesce(g.waits, '[]')) AS item
  FROM generated_content g ${JOINS}
  WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid AND ($3::text IS NULL OR g.label = $3::text)`

/** A generation as its row has it. */
type StoredItem = Omit<Generation, 'settings' | 'receipt'> & { config: RunConfig | null; prompt_id: string }

/** Computes how the model was asked from the copies that the row keeps, and signs the receipt. */
function toGeneration(workspaceId: string, { config, prompt_id: promptId, ...item }: StoredItem): Generation {
  const { used, ignored } = settingsOfRun(item.configuration_as_it_was, config)
  const { id: generationId, version, checksum, label } = item
  const receipt = generationReceipt(
    { workspaceId, promptId, version, checksum, label, generationId },
    { usedAt: new Date(item.created_at), isDraft: item.is_draft },
  )
  return { ...item, settings: { used: { ...used }, ignored }, receipt }
}

/** Which generations an actor may see: those of a workspace, with a pin those of its label alone. */
export interface Visibility {
  workspaceId: string
  label: string | null
}

/** A generation by its id; undefined: there is none that may be seen. */
export async function readGeneration(
  pool: pg.Pool,
  { workspaceId, label }: Visibility,
  id: string,
): Promise<Generation | undefined> {
  const { rows } = await pool.query<{ item: StoredItem }>({
    name: 'generations.read',
    text: WHOLE,
    values: [workspaceId, id, label],
  })
  return rows[0] && toGeneration(workspaceId, rows[0].item)
}

/** The same inside a transaction: it sees what the transaction wrote. */
export async function readGenerationIn(tx: Tx, workspaceId: string, id: string): Promise<Generation> {
  const [row] = await tx.$queryRawUnsafe<{ item: StoredItem }[]>(WHOLE, workspaceId, id, null)
  if (row === undefined) throw new Error('The generation that was just written is not there.')
  return toGeneration(workspaceId, row.item)
}

/* What the schemas and the pages know of a generation alike, without the schemas' library. */

/** In the order of a life. */
export const GENERATION_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type GenerationStatus = (typeof GENERATION_STATUSES)[number]

/** Whether nothing will change any more. */
export function isFinished(status: GenerationStatus): boolean {
  return status !== 'queued' && status !== 'running'
}

/** How a list of generations can be sorted; `-`: the largest, or newest, first. */
export const GENERATION_SORTS = [
  '-created_at',
  'created_at',
  '-latency_ms',
  'latency_ms',
  '-first_token_ms',
  'first_token_ms',
  '-cost',
  'cost',
  '-output_tokens',
  'output_tokens',
  '-tokens_per_second',
  'tokens_per_second',
  '-queue_ms',
  'queue_ms',
] as const
export type GenerationSort = (typeof GENERATION_SORTS)[number]

/** What a file of generations can hold of each; the first are those of a file when nobody says. */
export const GENERATION_COLUMNS = [
  'id',
  'status',
  'prompt',
  'version',
  'label',
  'is_draft',
  'configuration',
  'provider',
  'model',
  'input_tokens',
  'output_tokens',
  'cost',
  'latency_ms',
  'first_token_ms',
  'tokens_per_second',
  'queue_ms',
  'successes',
  'failures',
  'error_code',
  'error_message',
  'author',
  'batch_id',
  'retry_of',
  'created_at',
  'started_at',
  'finished_at',
  'excerpt',
  'text',
  'variables',
] as const
export type GenerationColumn = (typeof GENERATION_COLUMNS)[number]
/** The whole texts, which are left out of a file unless they are asked for. */
export const TEXT_COLUMNS = ['text', 'variables'] as const satisfies readonly GenerationColumn[]

/** What a generation, or its next attempt, waited for. */
export const WAIT_KINDS = ['limit', 'busy', 'elsewhere', 'backoff', 'retry_after'] as const
export type WaitKind = (typeof WAIT_KINDS)[number]

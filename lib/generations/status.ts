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
] as const
export type GenerationSort = (typeof GENERATION_SORTS)[number]

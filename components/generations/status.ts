import type { GenerationSort, GenerationStatus } from '#lib/generations/schema.ts'

/** In the order of a life; as the schema has them, which would bring zod along. */
export const STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly GenerationStatus[]

/** How the list can be sorted, for the same reason once more. */
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
] as const satisfies readonly GenerationSort[]

export const STATUS_NAMES: Record<GenerationStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Stopped',
}

/** Whether nothing will change any more. */
export function isFinished(status: GenerationStatus): boolean {
  return status !== 'queued' && status !== 'running'
}

import type { GenerationStatus } from '#lib/generations/schema.ts'

/** In the order of a life; as the schema has them, which would bring zod along. */
export const STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly GenerationStatus[]

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

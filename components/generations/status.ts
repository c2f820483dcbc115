import type { GenerationStatus } from '#lib/generations/status.ts'

export const STATUS_NAMES: Record<GenerationStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Stopped',
}

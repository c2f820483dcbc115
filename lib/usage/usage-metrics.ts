import { mirrorCounts } from '../metrics.ts'
import { usageBuffer } from './buffer.ts'

/** Adds what the usage buffer counts to /metrics; called once at the start. */
export function addUsageMetrics(): void {
  const buffer = usageBuffer()
  mirrorCounts(
    'incipit_uses_total',
    'Gets, renders and tool calls by way and outcome; those by pages (surface "browser") are no uses',
    ['operation', 'surface', 'outcome'],
    () => buffer.counts,
  )
  mirrorCounts(
    'incipit_usage_dropped_total',
    'Usage events lost, by reason: buffer_full (no room), refused (the database cannot take them)',
    ['reason'],
    () => buffer.drops,
  )
}

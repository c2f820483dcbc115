import { percentile } from './histogram.ts'
import type { Figures } from './schema.ts'
import type { Spent } from './spending/spent.ts'

/** Counts of one group of uses, before they become figures for people. */
export interface Tally {
  total: number
  failed: number
  gets: number
  renders: number
  toolCalls: number
  lastAt: Date | null
  /** Counts by bucket of histogram.ts. */
  buckets: number[]
}

export function emptyTally(): Tally {
  return { total: 0, failed: 0, gets: 0, renders: 0, toolCalls: 0, lastAt: null, buckets: [] }
}

/** Milliseconds with microsecond precision from microseconds. */
function milliseconds(us: number | null): number | null {
  return us === null ? null : us / 1000
}

/** What is shown of a group: its uses, and what its generations cost. */
export function figures(tally: Tally, spent: Spent): Figures {
  return {
    uses: tally.total,
    gets: tally.gets,
    renders: tally.renders,
    tool_calls: tally.toolCalls,
    failed: tally.failed,
    success_rate: tally.total === 0 ? null : (tally.total - tally.failed) / tally.total,
    p50_ms: milliseconds(percentile(tally.buckets, 0.5)),
    p95_ms: milliseconds(percentile(tally.buckets, 0.95)),
    last_used_at: tally.lastAt?.toISOString() ?? null,
    ...spent,
  }
}

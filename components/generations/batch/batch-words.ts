import { formatNumber } from '#components/ui/format.ts'
import type { GenerationBatch } from '#lib/generations/schema.ts'

type Batch = Pick<GenerationBatch, 'total' | 'counts'>

/** A part of a batch's bar. */
export interface BatchShare {
  status: 'succeeded' | 'failed' | 'cancelled'
  percent: number
}

const ENDS = [
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['cancelled', 'stopped'],
] as const

/** How many of a batch have ended, however they did. */
export function finishedOf({ counts }: Batch): number {
  return ENDS.reduce((sum, [status]) => sum + counts[status], 0)
}

/** The parts of the bar that are not empty, in percent of the whole. */
export function batchShares({ total, counts }: Batch): BatchShare[] {
  return ENDS.flatMap(([status]) =>
    counts[status] === 0 ? [] : [{ status, percent: (counts[status] / total) * 100 }],
  )
}

/** `118 succeeded, 2 failed, 4 running, 276 waiting` */
export function batchWords({ counts }: Batch): string {
  const parts = [...ENDS, ['running', 'running'], ['queued', 'waiting']] as const
  const words = parts.flatMap(([status, word]) =>
    counts[status] === 0 ? [] : [`${formatNumber(counts[status])} ${word}`],
  )
  return words.length === 0 ? 'Nothing has begun' : words.join(', ')
}

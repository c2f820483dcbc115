import { formatCost, formatSpan } from '#components/generations/format-generation.ts'
import { totalMs } from '#components/generations/spans.ts'
import type { Generation } from '#lib/generations/schema.ts'
import type { Runs } from './runs.ts'

/** The figures of an answer that are better the smaller they are, as they are read and as they are shown. */
export const FIGURES = {
  latency: { of: (run: Generation) => run.latency_ms ?? totalMs(run), format: formatSpan },
  first: { of: (run: Generation) => run.first_token_ms, format: formatSpan },
  cost: { of: (run: Generation) => run.cost, format: formatCost },
}
export type Figure = keyof typeof FIGURES

/**
 * The best figures of each column, by its name, among those that answered to the end. Columns that show the same
 * best figure share it; where all show the same, or only one has such a figure, none is the best.
 */
export function bestFigures(
  runs: Runs,
  columns: readonly string[],
): Readonly<Record<string, readonly Figure[]>> {
  const best: Record<string, Figure[]> = {}
  const ended = columns.flatMap((name) => {
    const generation = runs[name]?.live.generation
    return generation?.status === 'succeeded' ? [{ name, generation }] : []
  })
  for (const figure of Object.keys(FIGURES) as Figure[]) {
    const { of, format } = FIGURES[figure]
    const known = ended.flatMap(({ name, generation }) => {
      const value = of(generation)
      return value === null ? [] : [{ name, value, shown: format(value) }]
    })
    const least = format(Math.min(...known.map(({ value }) => value)))
    if (known.every(({ shown }) => shown === least)) continue
    for (const { name, shown } of known) if (shown === least) (best[name] ??= []).push(figure)
  }
  return best
}

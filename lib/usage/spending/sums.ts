import type { SpendingFigures } from '../spending-schema.ts'

/** What the sums of spending add up. */
export const MEASURED = [
  'generations',
  'generations_failed',
  'attempts',
  'attempts_failed',
  'unpriced',
  'input_tokens',
  'output_tokens',
  'latency_ms',
  'latency_count',
  'queue_ms',
  'queue_count',
  'first_token_ms',
  'first_token_count',
  'cost',
] as const
type Measured = (typeof MEASURED)[number]

/** Sums of one group, as the database answers them: texts, exact. */
export type SumRow = Record<Measured, string>

/** Sums of one group. */
export type Sums = Record<Measured, number>

/** The sums of a statement over the source `s`; zeros where there is nothing. */
export const SUMS = MEASURED.map((name) => `coalesce(sum(s.${name}), 0) AS ${name}`).join(', ')

export function sumsOf(row: SumRow | undefined): Sums {
  const sums = MEASURED.map((name) => [name, Number(row?.[name] ?? 0)])
  return Object.fromEntries(sums) as Sums
}

/** What is shown of sums wherever they are: totals, rows, points. */
export function shownSums(sums: Sums) {
  const { generations, generations_failed, attempts, attempts_failed, input_tokens, output_tokens } = sums
  return {
    generations,
    generations_failed,
    attempts,
    attempts_failed,
    input_tokens,
    output_tokens,
    tokens: input_tokens + output_tokens,
    cost: sums.cost,
    unpriced: sums.unpriced,
  }
}

/** Sums with what a generation, a thousand tokens and a call took. */
export function figuresOf(sums: Sums): SpendingFigures {
  const shown = shownSums(sums)
  return {
    ...shown,
    cost_per_generation: ratio(sums.cost, sums.generations),
    cost_per_1000_tokens: ratio(sums.cost * 1000, shown.tokens),
    latency_ms: ratio(sums.latency_ms, sums.latency_count),
    queue_ms: ratio(sums.queue_ms, sums.queue_count),
    first_token_ms: ratio(sums.first_token_ms, sums.first_token_count),
  }
}

/** null where there is nothing to divide by. */
export function ratio(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count
}

/**
 * Latency as counts in buckets. Percentiles of two hours cannot be merged, counts can. Bucket n holds
 * durations up to its bound in microseconds, four buckets to each doubling, so a percentile read from
 * the counts is at most about 19 % above the true one (and never below its bucket).
 */

const FIRST_BOUND_US = 16
const STEPS_PER_DOUBLING = 4
/** 16 µs to about 56 s in 88 steps, and one more for what took longer. */
export const BUCKETS = 89

/** Upper bounds in microseconds; the last bucket has none. */
const BOUNDS = Array.from({ length: BUCKETS - 1 }, (_, n) =>
  Math.round(FIRST_BOUND_US * 2 ** (n / STEPS_PER_DOUBLING)),
)

/** The bucket of a duration in microseconds. */
export function bucketOf(durationUs: number): number {
  if (durationUs <= FIRST_BOUND_US) return 0
  let bucket = Math.min(BUCKETS - 1, Math.ceil(Math.log2(durationUs / FIRST_BOUND_US) * STEPS_PER_DOUBLING))
  // Bounds are rounded to whole microseconds: step over the edge that rounding moved.
  while (bucket > 0 && durationUs <= (BOUNDS[bucket - 1] ?? Infinity)) bucket -= 1
  while (bucket < BUCKETS - 1 && durationUs > (BOUNDS[bucket] ?? Infinity)) bucket += 1
  return bucket
}

/**
 * A percentile of counted durations, in microseconds: the upper bound of the bucket it falls into.
 * @param fraction 0.5 for the median
 * @returns null when nothing was counted
 */
export function percentile(counts: readonly number[], fraction: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(total * fraction))
  let passed = 0
  for (let bucket = 0; bucket < counts.length; bucket++) {
    passed += counts[bucket] ?? 0
    if (passed >= rank) return BOUNDS[Math.min(bucket, BOUNDS.length - 1)] ?? null
  }
  return BOUNDS.at(-1) ?? null
}

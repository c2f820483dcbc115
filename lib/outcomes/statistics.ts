import type { Estimate } from './schema.ts'

/** The quantile of the normal distribution for 95 %. */
const Z = 1.959964

/** So many of so many. */
export interface Share {
  successes: number
  total: number
}

/**
 * A share with its 95 % interval by Wilson, which holds for small numbers and at the ends, too.
 * @param share of one at least
 */
export function wilson({ successes, total }: Share): Estimate {
  const value = successes / total
  const spread =
    (Z / (1 + Z ** 2 / total)) * Math.sqrt((value * (1 - value)) / total + (Z / (2 * total)) ** 2)
  const middle = (value + Z ** 2 / (2 * total)) / (1 + Z ** 2 / total)
  // At the ends the interval ends there as well, but for the last digit.
  const low = successes === 0 ? 0 : Math.max(0, middle - spread)
  const high = successes === total ? 1 : Math.min(1, middle + spread)
  return { value, low, high }
}

/** How much the first share is above the second, with the 95 % interval by Newcombe (his method 10). */
export function newcombe(share: Share, other: Share): Estimate {
  const [one, two] = [wilson(share), wilson(other)]
  const value = one.value - two.value
  return {
    value,
    low: value - Math.hypot(one.value - one.low, two.high - two.value),
    high: value + Math.hypot(one.high - one.value, two.value - two.low),
  }
}

/** Sums of scores from 0 to 1. */
export interface Scores {
  count: number
  sum: number
  squares: number
}

/** The mean of scores with its 95 % interval by Student, within 0 and 1; null below two scores. */
export function meanScore({ count, sum, squares }: Scores): Estimate | null {
  if (count < 2) return null
  const value = sum / count
  const variance = Math.max(0, squares - sum * value) / (count - 1)
  const spread = studentQuantile(count - 1) * Math.sqrt(variance / count)
  return { value, low: Math.max(0, value - spread), high: Math.min(1, value + spread) }
}

const FIRST_QUANTILES = [12.7062, 4.3027, 3.1824, 2.7764]

/**
 * The quantile of Student's distribution for 95 %, right to three digits.
 * @param freedom degrees of freedom, 1 at least
 */
export function studentQuantile(freedom: number): number {
  const known = FIRST_QUANTILES[freedom - 1]
  if (known !== undefined) return known
  // The expansion of Cornish and Fisher.
  const terms = [
    Z,
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92_160,
  ]
  return terms.reduce((sum, term, power) => sum + term / freedom ** power, 0)
}

import { counted } from '#components/ui/format.ts'
import type { Estimate, VersionQuality } from '#lib/outcomes/schema.ts'

const WHOLE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const HUNDREDTHS = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const SIGNED = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0, signDisplay: 'exceptZero' })

/** `82 % (71–90 %)`: a share never stands without its interval. */
export function shareWords({ value, low, high }: Estimate): string {
  const [at, from, to] = [value, low, high].map((share) => WHOLE.format(100 * share))
  return `${at} % (${from}–${to} %)`
}

/** `0.82 (0.71–0.90)` */
export function scoreWords({ value, low, high }: Estimate): string {
  return `${HUNDREDTHS.format(value)} (${HUNDREDTHS.format(low)}–${HUNDREDTHS.format(high)})`
}

/** `too few to tell (7 reports)`; undefined: there are enough. */
export function fewWords({ too_few: isFew, reported }: VersionQuality): string | undefined {
  return isFew ? `too few to tell (${counted(reported, 'report')})` : undefined
}

export type Verdict = 'better' | 'worse' | 'open'

/** What the difference to the version before says; open: its interval holds 0, or one of both has too few reports. */
export function verdictOf(own: VersionQuality, before: VersionQuality | undefined): Verdict {
  const { difference } = own
  if (difference === null || own.too_few || before?.too_few !== false) return 'open'
  if (difference.low > 0) return 'better'
  return difference.high < 0 ? 'worse' : 'open'
}

/** `+8 points (−4 to +20) against v3: no clear difference` */
export function differenceWords(own: VersionQuality, before: VersionQuality | undefined): string {
  const { difference } = own
  if (difference === null) return 'nothing to compare with'
  const [by, from, to] = [difference.value, difference.low, difference.high].map((share) =>
    SIGNED.format(100 * share).replace('-', '−'),
  )
  return `${by} points (${from} to ${to}) against v${difference.to}: ${verdictWords(own, before)}`
}

function verdictWords(own: VersionQuality, before: VersionQuality | undefined): string {
  if (own.too_few || before?.too_few !== false) return 'too few to tell'
  const verdict = verdictOf(own, before)
  return verdict === 'open' ? 'no clear difference' : verdict
}

/** How many said yes and no, for one line. */
export function ratingWords({ successes, failures }: { successes: number; failures: number }): string {
  return `${counted(successes, 'success', 'successes')}, ${counted(failures, 'failure')}`
}

/** Points of a score that people give, from the worst to the best. */
export const POINTS = ['1', '2', '3', '4', '5'] as const

/** `4` of five points is 0.75. */
export function scoreOfPoints(points: string): number | undefined {
  const at = POINTS.findIndex((each) => each === points)
  return at === -1 ? undefined : at / (POINTS.length - 1)
}

/** The points that a score stands for; undefined: it lies between two. */
export function pointsOfScore(score: number | null): string | undefined {
  return score === null ? undefined : POINTS[score * (POINTS.length - 1)]
}

import { expect, it } from 'vitest'
import type { VersionQuality } from '#lib/outcomes/schema.ts'
import {
  differenceWords,
  fewWords,
  POINTS,
  pointsOfScore,
  ratingWords,
  scoreOfPoints,
  scoreWords,
  shareWords,
  verdictOf,
} from './words.ts'

const quality = (given: Partial<VersionQuality> = {}): VersionQuality => ({
  version: 4,
  reported: 40,
  successes: 30,
  failures: 10,
  success_rate: { value: 0.75, low: 0.6, high: 0.86 },
  scored: 0,
  score: null,
  too_few: false,
  difference: { value: 0.08, low: -0.04, high: 0.2, to: 3 },
  ...given,
})

it('never says a share without its interval', () => {
  expect(shareWords({ value: 0.824, low: 0.71, high: 0.9 })).toBe('82 % (71–90 %)')
  expect(scoreWords({ value: 0.5, low: 0, high: 1 })).toBe('0.50 (0.00–1.00)')
})

it('says that small numbers are small', () => {
  expect(fewWords(quality({ reported: 1, too_few: true }))).toBe('too few to tell (1 report)')
  expect(fewWords(quality())).toBeUndefined()
})

it('calls a version better or worse when the interval leaves no doubt, and both have enough', () => {
  const few = quality({ too_few: true })
  const better = quality({ difference: { value: 0.2, low: 0.05, high: 0.3, to: 3 } })
  const worse = quality({ difference: { value: -0.2, low: -0.3, high: -0.05, to: 3 } })
  expect([better, worse, quality()].map((own) => verdictOf(own, quality()))).toEqual([
    'better',
    'worse',
    'open',
  ])
  expect(verdictOf(better, few)).toBe('open')
  expect(differenceWords(worse, quality())).toBe('−20 points (−30 to −5) against v3: worse')
  expect(differenceWords(quality(), quality())).toBe('+8 points (−4 to +20) against v3: no clear difference')
  expect(differenceWords(better, few)).toContain('too few to tell')
  expect(differenceWords(quality({ difference: null }), undefined)).toBe('nothing to compare with')
})

it('reads points as scores and back', () => {
  for (const points of POINTS) expect(pointsOfScore(scoreOfPoints(points) ?? null)).toBe(points)
  expect([pointsOfScore(0.3), pointsOfScore(null), scoreOfPoints('')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(ratingWords({ successes: 1, failures: 2 })).toBe('1 success, 2 failures')
})

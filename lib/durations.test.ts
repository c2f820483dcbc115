import { expect, it } from 'vitest'
import { CappedLabel, Counts, Durations } from './durations.ts'

it('counts durations by the first bound that they keep to', () => {
  const durations = new Durations([0.1, 1])
  for (const seconds of [0.05, 0.1, 0.5, 3]) durations.add('a', seconds)
  durations.add('b', 1)
  const series = new Map(durations.series())
  expect(series.get('a')).toMatchObject({ counts: [2, 1, 1], count: 4, sum: 3.65 })
  expect(series.get('b')).toMatchObject({ counts: [0, 1, 0], count: 1, sum: 1 })
  expect([...durations.counts()]).toEqual([
    ['a', 4],
    ['b', 1],
  ])
})

it('adds up counts', () => {
  const counts = new Counts()
  counts.add('a')
  counts.add('a', 2.5)
  expect([...counts]).toEqual([['a', 3.5]])
})

it('lets a label have so many values and no more', () => {
  const label = new CappedLabel(2)
  expect(['a', 'b', 'c', 'a', 'd'].map((value) => label.of(value))).toEqual(['a', 'b', 'other', 'a', 'other'])
})

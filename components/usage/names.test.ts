import { expect, test } from 'vitest'
import { spanOf } from '#components/spans/span.ts'
import { nameOfCompared } from './names.ts'

const NOW = new Date('2026-11-24T13:37:21Z')
const range = (name: '24h' | '7d' | '30d') => spanOf({ range: name, from: null, to: null }, 'UTC', NOW)

test('a comparison is named with its dates', () => {
  const named = (
    ...[span, comparison]: [Parameters<typeof nameOfCompared>[0], 'before' | 'weekdays' | 'year']
  ) => nameOfCompared(span, comparison, 'UTC').replace('Sept', 'Sep')
  expect(named(range('30d'), 'before')).toBe('the 30 days before, Sat, 26 Sep 2026 to Sun, 25 Oct 2026')
  expect(named(range('30d'), 'weekdays')).toBe(
    'the same weekdays 5 weeks before, Mon, 21 Sep 2026 to Tue, 20 Oct 2026',
  )
  expect(named(range('7d'), 'weekdays')).toBe(
    'the same weekdays a week before, Wed, 11 Nov 2026 to Tue, 17 Nov 2026',
  )
  expect(named(range('7d'), 'year')).toBe(
    'the same weekdays a year before, Wed, 19 Nov 2025 to Tue, 25 Nov 2025',
  )
  expect(named(range('24h'), 'weekdays')).toBe(
    'the same weekdays a week before, Mon, 16 Nov 2026, 14:00 to Tue, 17 Nov 2026, 13:37',
  )
})

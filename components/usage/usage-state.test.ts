import { expect, test } from 'vitest'
import {
  rangeOf,
  readUsageState,
  splitOf,
  toStatsQuery,
  toTimeseriesQuery,
  usageHref,
} from './usage-state.ts'

const SPAN = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z', interval: 'hour' } as const
const read = (search: string) => readUsageState(new URLSearchParams(search))

test('what cannot be right reads as absent', () => {
  const state = read(
    'range=5d&from=2026-13-01&to=x&prompt=No+Name&version=x&surface=fax&by=colour&sort=-luck',
  )
  expect(Object.values(state).every((value) => value === null)).toBe(true)
})

test.each(['0', '-1', '1.5', '1e3', '2147483648', '9007199254740993', '99999999999999999999'])(
  'the version %s reads as absent',
  (version) => {
    expect(read(`prompt=a&version=${version}`).version).toBeNull()
  },
)

test('an address survives reading', () => {
  const address =
    '/usage?range=7d&prompt=few_shot&version=2&surface=mcp&client=a+b&by=client&rank=client&sort=-p95'
  expect(usageHref(read(address.split('?')[1] ?? ''))).toBe(address)
  expect(usageHref({ range: '24h' }, 'few_shot')).toBe('/prompts/few_shot/usage?range=24h')
})

test('two days stand in place of a range', () => {
  expect(rangeOf(read(''))).toBe('30d')
  expect(rangeOf(read('range=7d'))).toBe('7d')
  expect(rangeOf(read('range=7d&from=2026-11-01&to=2026-11-02'))).toBeUndefined()
})

test('a version counts with its prompt alone, and an empty client is one without a name', () => {
  expect(toStatsQuery(read('version=2&client='), SPAN)).toEqual({ from: SPAN.from, to: SPAN.to, client: '' })
  expect(toStatsQuery(read('prompt=a&version=2'), SPAN)).toMatchObject({ prompt: 'a', version: 2 })
})

test('the time line is split by surface, and that of a prompt by version', () => {
  expect(splitOf(read(''), false)).toBe('surface')
  expect(splitOf(read(''), true)).toBe('version')
  expect(toTimeseriesQuery(read('by=operation'), SPAN, 'UTC', false)).not.toHaveProperty('by')
  expect(toTimeseriesQuery(read('by=client'), SPAN, 'Europe/Berlin', false)).toMatchObject({
    by: 'client',
    interval: 'hour',
    timezone: 'Europe/Berlin',
  })
})

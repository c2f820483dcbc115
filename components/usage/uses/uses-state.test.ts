import { expect, it } from 'vitest'
import { readUsageState } from '../usage-state.ts'
import { readUsesState, toUsesQuery, usesHref } from './uses-state.ts'

const query = async (given: Record<string, string>) =>
  toUsesQuery(await readUsesState(Promise.resolve(given)), 'Europe/Berlin')

it('leads from a reason to the uses behind it', async () => {
  const asked = { code: 'not_found', client: '', asked: 'nobody@staging', label: 'staging' }
  expect(await query(asked)).toEqual(asked)
  expect(await query({ prompt: 'letter', version: '3', failed: 'true' })).toEqual({
    prompt: 'letter',
    version: 3,
    failed: 'true',
  })
})

it.each<Record<string, string>>([
  { prompt: 'letter', version: '2147483648' },
  { prompt: 'letter', version: '0' },
  { prompt: 'letter', version: '3x', failed: 'maybe' },
  { prompt: 'letter', label: 'No label' },
  { prompt: 'letter', asked: 'x'.repeat(130) },
])('reads what is invalid as absent: %j', async (given) => {
  expect(await query(given)).toEqual({ prompt: 'letter' })
})

it('takes the span of the page of usage, in the zone that its address names', async () => {
  const usage = await readUsageState(
    Promise.resolve({ from: '2026-11-20', to: '2026-11-20', tz: 'Asia/Tokyo' }),
  )
  const href = usesHref(usage, { failed: true })
  expect(href).toBe('/usage/uses?from=2026-11-20&to=2026-11-20&tz=Asia/Tokyo&failed=true')
  expect(await query(Object.fromEntries(new URL(href, 'http://a').searchParams))).toEqual({
    from: '2026-11-19T15:00:00.000Z',
    to: '2026-11-20T15:00:00.000Z',
    failed: 'true',
  })
  expect(usesHref(await readUsageState(Promise.resolve({})), {})).toBe('/usage/uses?range=30d')
})

import { expect, it } from 'vitest'
import { readUsesState, toUsesQuery } from './uses-state.ts'

const query = async (given: Record<string, string>) =>
  toUsesQuery(await readUsesState(Promise.resolve(given)))

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
  { prompt: 'letter', label: 'No label' },
  { prompt: 'letter', asked: 'x'.repeat(130) },
])('reads what is invalid as absent: %j', async (given) => {
  expect(await query(given)).toEqual({ prompt: 'letter' })
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeColleague } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { change } from './change.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { idempotency_keys: 3 } })
})
afterAll(() => app.close())

it('keeps the newest answers of each caller, as many as limits.idempotency_keys', async () => {
  const colleague = await makeColleague(app.actor())
  let done = 0
  const send = async (key: string, actor = app.actor()) => {
    const idempotency = { route: 'test', key, bodyHash: 'h' }
    const request = { ...app.actor({ idempotency }).request, outcome: {} as { replayed?: boolean } }
    await change({ ...actor, request }, () => Promise.resolve({ done: ++done }))
    return request.outcome.replayed === true
  }
  await send('k1', colleague)
  for (const key of ['k1', 'k2', 'k3', 'k4', 'k5']) expect(await send(key)).toBe(false)
  expect(await send('k5')).toBe(true)
  expect(await send('k3')).toBe(true)
  // Its answer has gone: it is done again.
  expect(await send('k1')).toBe(false)
  expect(await send('k1', colleague)).toBe(true)
  const { rows } = await app.runtime.database.primary.pool.query<{ key: string }>(
    'SELECT key FROM idempotency_key WHERE actor_id = $1 ORDER BY created_at',
    [app.actor().id],
  )
  expect(rows.map(({ key }) => key)).toEqual(['k4', 'k5', 'k1'])
})

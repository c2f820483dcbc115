import type { FailureEventArgs, Inngest, InngestFunction } from 'inngest'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase, poolOf } from './database.ts'
import { embeddedRunner } from './embedded-runner.ts'
import { Journal } from './journal.ts'

/** What the embedded runner leaves out, and a server does. */
const journal = new Journal()
let database: FreshDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await freshDatabase()
  pool = poolOf(database.url, 4)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const runnerOf = (functions: (client: Inngest.Any) => InngestFunction.Any[]) =>
  embeddedRunner({ pool, connectionString: database.url }, functions)

it('an option that it does not know stops the start', async () => {
  const runner = runnerOf((client) => [
    client.createFunction(
      { id: 'calm', triggers: [{ event: 'x' }], throttle: { limit: 1, period: '1s' } },
      () => undefined,
    ),
  ])
  await expect(runner.start()).rejects.toThrow('suite-calm: throttle is not supported by the embedded runner')
})

it('steps side by side fail their run at once, which says so', async () => {
  const runner = runnerOf((client) => [
    client.createFunction(
      {
        id: 'parallel',
        triggers: [{ event: 'refused/parallel' }],
        onFailure: ({ error }: FailureEventArgs) => journal.write('parallel', 'failure', error.message),
      },
      async ({ step }) => {
        await Promise.all(['a', 'b'].map((name) => step.run(name, () => journal.write('parallel', 'ran'))))
      },
    ),
  ])
  await runner.start()
  try {
    await runner.send([{ name: 'refused/parallel' }])
    const [failure] = await journal.until('parallel', 'failure')
    expect(failure?.detail).toBe('The embedded runner does not do steps side by side (a, b).')
    expect(journal.count('parallel', 'ran')).toBe(0)
  } finally {
    await runner.stop(1000)
  }
})

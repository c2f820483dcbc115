import { afterAll, beforeAll, expect, it } from 'vitest'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { waitUntilBlocked } from '../testing/blocked.ts'
import { makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { getQuality } from './operations/get-quality.ts'
import { reportOutcome } from './operations/report-outcome.ts'
import { ReportOutcomeInput } from './schema.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

it('an outcome is taken out of the sums once, when it is withdrawn while another one is told', async () => {
  const { pool } = app.runtime.database.primary
  const { name } = await makePrompt(app.actor(), { name: 'withdrawn' })
  const { receipt } = await renderPrompt(app.actor(), { name, variables: { who: 'you' } })
  const { id } = await reportOutcome(app.actor(), { receipt, outcome: 'success' })
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    // The row is held, so that the other report has read it before it is withdrawn.
    await client.query('SELECT FROM outcome WHERE id = $1 FOR UPDATE', [id])
    const next = reportOutcome(app.actor(), { receipt, outcome: 'failure' })
    await waitUntilBlocked(app.database.url)
    await client.query('UPDATE outcome SET replaced_at = clock_timestamp() WHERE id = $1', [id])
    await client.query('UPDATE outcome_day SET successes = successes - 1')
    await client.query('COMMIT')
    expect(await next).toMatchObject({ change: 'new' })
  } finally {
    client.release()
  }
  const { versions } = await getQuality(app.actor(), { name })
  expect(versions).toMatchObject([{ reported: 1, successes: 0, failures: 1 }])
})

it('a note that cannot be stored is refused by its field', () => {
  const { error } = ReportOutcomeInput.safeParse({ receipt: 'r', outcome: 'success', note: 'a\0b' })
  expect(error?.issues).toMatchObject([{ path: ['note'], params: { code: 'nul_character' } }])
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../id.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { readDownload } from '../testing/download.ts'
import { makeColleague, makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { pendingUse } from '../testing/usage.ts'
import { exportFailures } from './operations/export-failures.ts'
import { getStats } from './operations/get-stats.ts'
import { listFailures } from './operations/list-failures.ts'
import { writeUsage } from './recording/write-usage.ts'
import { startUsageWriter } from './recording/writer.ts'

let app: TestRuntime

beforeAll(async () => {
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000, usage_failure_rows: 3 } })
  await makePrompt(app.actor(), {
    name: 'letter',
    template_content: 'Dear {{ who }}, {{ tone }}',
    variables: [
      { name: 'who', type: 'string', required: true },
      { name: 'tone', type: 'enum', required: true, enum: ['warm', 'cold'] },
    ],
  })
})
afterAll(() => app.close())
beforeEach(async () => {
  await startUsageWriter().flush()
  const { pool } = app.runtime.database.primary
  await pool.query('DELETE FROM prompt_usage; DELETE FROM usage_hour')
  await pool.query('DELETE FROM usage_failure_hour; DELETE FROM usage_caller_day')
})

const agent = (name = 'agent') => app.actor({ surface: 'mcp', client: { name, version: '1.0' } })
const render = (variables: Record<string, unknown>, choice: object = {}, actor = agent()) =>
  renderPrompt(actor, { name: 'letter', variables, ...choice }).catch(() => undefined)
const stats = async (query: object = {}) => {
  expect(await startUsageWriter().flush()).toBe(true)
  return getStats(app.actor(), query)
}

describe('reasons of failures', () => {
  it('groups by reason, variable, client and version, the most frequent first', async () => {
    for (let n = 0; n < 3; n++) await render({ who: 'Ann' })
    await render({ who: 'Ann' }, {}, agent('other'))
    await render({ tone: 'warm' })
    await render({ tone: 'warm', who: 'Ann' })
    const { failures } = await stats()
    const told = failures.map(({ code, variable, client, count }) =>
      [count, code, variable, client].join(' '),
    )
    expect(told.toSorted().toReversed()).toEqual([
      '3 missing tone agent',
      '1 missing who agent',
      '1 missing tone other',
    ])
    expect(failures[0]).toMatchObject({ prompt: 'letter', version: 1, label: 'production', since_version: 1 })
    const rows = async (query: object) => (await stats(query)).failures.length
    expect([
      await rows({ limit: 1 }),
      await rows({ client: 'other' }),
      await rows({ surface: 'rest' }),
    ]).toEqual([1, 1, 0])
    expect(await rows({ prompt: 'letter', version: 1 })).toBe(3)
    expect(await rows({ actor: app.actor().id })).toBe(3)
    expect(await rows({ actor: newId() })).toBe(0)
  })

  it('began with the first of all who met them in its hour', async () => {
    const hour = Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000
    const missing = { outcome: 'missing', reasons: '[{"code":"missing","variable":"tone"}]' }
    const colleague = await makeColleague(app.actor(), 'A colleague')
    const { pool } = app.runtime.database.primary
    for (const [actor, minute] of [[app.actor(), 40] as const, [colleague, 10] as const])
      await writeUsage(pool, [pendingUse(actor, { ...missing, occurred_at: hour + minute * 60_000 })])
    const { failures } = await stats()
    expect(failures).toMatchObject([
      {
        count: 2,
        first_at: new Date(hour + 600_000).toISOString(),
        last_at: new Date(hour + 2_400_000).toISOString(),
      },
    ])
  })

  it('are counted by a list of their own, as a file as well, which says where there are more', async () => {
    for (let n = 0; n < 3; n++) await render({ who: 'Ann' }, {}, agent(`agent-${n}`))
    await render({ tone: 'warm' })
    await render({ tone: 'warm', who: 'Ann' })
    const { failures } = await stats()
    const all = await listFailures(app.actor(), {})
    expect(all.items).toEqual(failures)
    // No further than a file goes.
    expect([all.count, all.more]).toEqual([3, true])
    const one = await listFailures(app.actor(), { limit: 1, client: 'agent-1' })
    expect([one.items.length, one.count, one.more]).toEqual([1, 1, false])
    expect((await listFailures(app.actor(), { actor: app.actor().id, limit: 1 })).more).toBe(true)
    expect((await listFailures(app.actor(), { surface: 'rest' })).count).toBe(0)
    const read = async (format: 'csv' | 'jsonl') =>
      (await readDownload(await exportFailures(app.actor(), { format }))).text
    const lines = (await read('jsonl')).split('\n').slice(0, -1)
    // Which of those that are as frequent are left out does not matter.
    for (const line of lines.slice(0, 3)) expect(failures).toContainEqual(JSON.parse(line))
    expect(lines[3]).toBe(
      '{"export_limit":"These are the 3 most frequent reasons; there are more (limits.usage_failure_rows)"}',
    )
    const csv = (await read('csv')).split('\r\n')
    expect(csv[0]).toMatch(/^code,variable,asked,prompt,version,since_version,label,client,count,/)
    expect(csv[4]).toMatch(/^export\.limit,,These are the 3 most/)
    expect((await listFailures(await makeOtherWorkspace(), {})).count).toBe(0)
  })

  it('says with which version a reason began, over those that the client used', async () => {
    const { pool } = app.runtime.database.primary
    const { id } = await makePrompt(app.actor(), { name: 'since' })
    const missing = JSON.stringify([{ code: 'missing', variable: 'tone' }])
    const use = (version_number: number, isRefused: boolean, client_name = 'x') =>
      pendingUse(app.actor(), {
        prompt_id: id,
        version_number,
        client_name,
        ...(isRefused && { outcome: 'unprocessable', reasons: missing }),
      })
    // Version 1 and 3 fail, 2 does not; 4 was not used; 5 fails, among uses that do not.
    await writeUsage(pool, [use(1, true), use(2, false), use(3, true), use(5, true), use(5, false)])
    await writeUsage(pool, [use(4, false, 'y'), use(5, true, 'y'), use(1, true, 'z')])
    const { failures } = await stats({ prompt: 'since' })
    const told = failures.map(
      ({ client, version, since_version }) => `${client} v${version} since v${since_version}`,
    )
    expect(told.toSorted()).toEqual([
      'x v1 since v1',
      'x v3 since v3',
      'x v5 since v3',
      'y v5 since v5',
      'z v1 since v1',
    ])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pinnedTo } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { deleteLabel } from './delete-label.ts'
import { getPrompt } from './get-prompt.ts'
import { listLabels } from './list-labels.ts'
import { renderPrompt } from './render-prompt.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

/** Moments are told apart by milliseconds: each change waits until the clock has moved on. */
async function tick(): Promise<string> {
  const { pool } = app.runtime.database.primary
  const { rows } = await pool.query<{ at: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) AS at`,
  )
  const at = rows[0]?.at ?? new Date()
  for (;;) {
    const later = await pool.query<{ is: boolean }>(
      'SELECT clock_timestamp() > $1::timestamptz + $2::interval AS is',
      [at, '2 milliseconds'],
    )
    if (later.rows[0]?.is === true) return at.toISOString()
  }
}

/** Production was 1, then 2, then nothing, then 1 again. */
async function history() {
  const before = await tick()
  const { name } = await createPrompt(app.actor(), { name: uniqueName(), template_content: 'one' })
  const first = await tick()
  await createVersion(app.actor(), { name, base_version: 1, template_content: 'two' })
  const written = await tick()
  await setLabel(app.actor(), { name, label: 'production', version: 2, if_match: '*' })
  const second = await tick()
  await deleteLabel(app.actor(), { name, label: 'production', if_match: '*' })
  const without = await tick()
  await setLabel(app.actor(), { name, label: 'production', version: 1, if_match: '*' })
  return { name, before, first, written, second, without, again: await tick() }
}

describe('what a label said at a moment', () => {
  it('is read and rendered', async () => {
    const { name, first, written, second, again } = await history()
    const said = async (at: string, label?: string) =>
      (await getPrompt(app.actor(), { name, at, ...(label !== undefined && { label }) })).version
    expect(await said(first)).toBe(1)
    expect(await said(written)).toBe(1)
    expect(await said(second)).toBe(2)
    expect(await said(again)).toBe(1)
    expect(await said(first, 'latest')).toBe(1)
    expect(await said(written, 'latest')).toBe(2)
    const rendered = await renderPrompt(app.actor(), { name, at: second })
    expect(rendered).toMatchObject({ version: 2, label: 'production', content: 'two' })
    const { items } = await listLabels(app.actor(), { name, at: second })
    expect(items).toMatchObject([{ label: 'production', version: 2 }])
  })

  it('is nothing before the label was set and while it was gone, and says since when it is', async () => {
    const { name, before, without } = await history()
    expect(await refusal(getPrompt(app.actor(), { name, at: without }))).toMatchObject({ code: 'not_found' })
    const refused = await refusal(getPrompt(app.actor(), { name, at: before }))
    expect(refused).toMatchObject({ code: 'not_found', extra: { since: expect.any(String) } })
    expect(await refusal(getPrompt(app.actor(), { name, at: before, label: 'latest' }))).toMatchObject({
      code: 'not_found',
    })
    expect((await listLabels(app.actor(), { name, at: without })).items).toEqual([])
    expect(await refusal(getPrompt(app.actor(), { name: 'no-such-prompt', at: without }))).toMatchObject({
      code: 'not_found',
    })
  })

  it('is refused for a moment to come, with a version, and under a pin', async () => {
    const { name, again } = await history()
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    expect(await refusal(getPrompt(app.actor(), { name, at: tomorrow }))).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['at'], code: 'in_future' }],
    })
    expect(await refusal(renderPrompt(app.actor(), { name, at: again, version: 1 }))).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['at'] }],
    })
    expect(await refusal(getPrompt(pinnedTo(app.actor(), 'production'), { name, at: again }))).toMatchObject({
      code: 'forbidden',
    })
    expect(await refusal(listLabels(pinnedTo(app.actor(), 'production'), { name, at: again }))).toMatchObject(
      { code: 'forbidden' },
    )
  })

  it('follows the order in which moves were made, not that in which their transactions began', async () => {
    const { name } = await history()
    const { pool } = app.runtime.database.primary
    const early = await pool.connect()
    try {
      // This transaction begins first and waits for the lock that the other one holds.
      await early.query('BEGIN')
      await setLabel(app.actor(), { name, label: 'production', version: 2, if_match: '*' })
      await tick()
      await early.query(
        `INSERT INTO label_event (id, workspace_id, prompt_id, label, from_version, to_version, actor_id)
         SELECT gen_random_uuid(), workspace_id, id, 'production', 2, 1, created_by FROM prompt_template
         WHERE workspace_id = $1 AND name = $2`,
        [app.actor().workspaceId, name],
      )
      await early.query('COMMIT')
    } finally {
      early.release()
    }
    expect((await getPrompt(app.actor(), { name, at: await tick() })).version).toBe(1)
  })
})

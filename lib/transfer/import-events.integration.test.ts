import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createRule } from '../alerts/operations/create-rule.ts'
import { hearEvents } from '../alerts/tell/hear-events.ts'
import { outbox } from '../outbox/outbox.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createWebhook } from '../webhooks/operations/create-webhook.ts'
import type { CreateWebhookInput } from '../webhooks/schema.ts'
import { setWorkers } from '../webhooks/targets.ts'
import { undoImport } from './operations/undo-import.ts'
import { bringTo, file } from './testing.ts'

/* What alerts and webhooks hear of an import: all of it, however many prompts it brings. */

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  Object.assign(app.runtime.config.webhooks, { allowed_hosts: ['127.0.0.1'] })
  setWorkers({ events: hearEvents })
})
afterEach(() =>
  sql('DELETE FROM webhook_delivery; DELETE FROM webhook; DELETE FROM alert_event; DELETE FROM alert_rule'),
)
afterAll(() => app.close())

const sql = (text: string, values: unknown[] = []) => app.runtime.database.primary.pool.query(text, values)
const MANY = 250
const many = (prefix: string) =>
  Object.fromEntries(
    Array.from({ length: MANY }, (_, n) => [`${prefix}${n}.md`, file(`name: ${prefix}${n}`, `Text ${n}`)]),
  )
const listen = (events: CreateWebhookInput['events']) =>
  createWebhook(app.actor(), { name: 'Ops', url: 'http://127.0.0.1:9999/', events })

/** Lets everything that waits be heard. */
async function hear(): Promise<void> {
  const left = async () => {
    await outbox().settled()
    await sql("UPDATE outbox SET due_at = now() WHERE target = 'events'")
    await outbox().round()
    const { rows } = await sql("SELECT count(*)::integer AS count FROM outbox WHERE target = 'events'")
    return rows[0].count > 0
  }
  while (await left());
}
const told = async () => {
  const { rows } = await sql(
    `SELECT type, count(*)::integer AS count, count(DISTINCT substring(body from '"prompt":[{][^}]*"name":"([^"]+)"'))::integer AS names
     FROM webhook_delivery WHERE workspace_id = $1 AND type NOT LIKE 'alert.%' GROUP BY type ORDER BY type`,
    [app.actor().workspaceId],
  )
  return Object.fromEntries(rows.map(({ type, count, names }) => [type, [count, names]]))
}

it('of many prompts is told whole: each prompt, each label, each alert, and the import', async () => {
  await listen(['prompt.created', 'label.moved', 'import.finished'])
  await createRule(app.actor(), {
    name: 'Production moves',
    condition: { kind: 'label_moved', label: 'production' },
  })
  await bringTo(app)(many('told'))
  await hear()
  expect(await told()).toEqual({
    'import.finished': [1, 0],
    'label.moved': [MANY, MANY],
    'prompt.created': [MANY, MANY],
  })
  const { rows } = await sql(
    "SELECT count(DISTINCT detail ->> 'prompt')::integer AS count FROM alert_event WHERE workspace_id = $1",
    [app.actor().workspaceId],
  )
  expect(rows).toEqual([{ count: MANY }])
})

it('leaves nothing in the outbox that nobody listens to', async () => {
  await listen(['import.finished'])
  await bringTo(app)(many('untold'))
  await hear()
  expect(await told()).toEqual({ 'import.finished': [1, 0] })
})

it('that brings a prompt back tells of that as well as of its version; so does the way back', async () => {
  const actor = app.actor()
  await bringTo(app)({ 'back.md': file('name: back', 'One') })
  const { etag } = await getPrompt(actor, { name: 'back' })
  await patchPrompt(app.actor(), { current_name: 'back', archived: true, if_match: etag })
  await listen(['prompt.restored', 'prompt.archived', 'version.created', 'label.moved'])
  const { id } = await bringTo(app)({ 'back.md': file('name: back\nlabels: [production]', 'Two') })
  await hear()
  const once = [1, 1]
  expect(await told()).toEqual({ 'prompt.restored': once, 'version.created': once, 'label.moved': once })
  await sql('DELETE FROM webhook_delivery')
  await undoImport(app.actor(), { id: id ?? '' })
  await hear()
  expect(await told()).toEqual({ 'prompt.archived': once, 'version.created': once, 'label.moved': once })
})

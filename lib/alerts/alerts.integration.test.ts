import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { deleteConfiguration } from '../ai/operations/delete-configuration.ts'
import { outbox } from '../outbox/outbox.ts'
import { setMailSender } from '../people/mail/mail-target.ts'
import { sendMails } from '../people/mail/send-mail.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import type { Prompt } from '../prompts/schema.ts'
import { setRuntime } from '../runtime.ts'
import { makeCategory, makeOtherWorkspace, makePrompt, viewerOf } from '../testing/factories.ts'
import { eventually } from '../testing/generations.ts'
import { type MailServer, mailServer } from '../testing/mail-server.ts'
import { makeMember } from '../testing/members.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { type WebhookReceiver, webhookReceiver } from '../testing/webhook-receiver.ts'
import { createUpkeep } from '../upkeep/upkeep.ts'
import { createWebhook } from '../webhooks/operations/create-webhook.ts'
import { sendDeliveries } from '../webhooks/send/send-deliveries.ts'
import { setWorkers } from '../webhooks/targets.ts'
import { acknowledgeEvent } from './operations/acknowledge-event.ts'
import { createRule } from './operations/create-rule.ts'
import { deleteRule } from './operations/delete-rule.ts'
import { getBell } from './operations/get-bell.ts'
import { getRule } from './operations/get-rule.ts'
import { listEvents } from './operations/list-events.ts'
import { listRules } from './operations/list-rules.ts'
import { markRead } from './operations/mark-read.ts'
import { patchRule } from './operations/patch-rule.ts'
import { previewRule } from './operations/preview-rule.ts'
import type { Condition, CreateRuleInput } from './schema.ts'
import { expireAlerts } from './tell/expire-alerts.ts'
import { hearEvents } from './tell/hear-events.ts'
import { evaluateAlerts } from './watch/evaluate-alerts.ts'
import { HOUR_MS } from './watch/moments.ts'

let app: TestRuntime
let pool: Pool
let receiver: WebhookReceiver
let mails: MailServer
let prompt: Prompt

beforeAll(async () => {
  app = await testRuntime({
    feed: true,
    limits: { outbox_poll_ms: 50, outbox_retry_ms: 20, alert_mails: 2, usage_flush_ms: 3_600_000 },
  })
  pool = app.runtime.database.primary.pool
  receiver = await webhookReceiver()
  mails = await mailServer()
  Object.assign(app.runtime.config.mail, {
    host: '127.0.0.1',
    port: mails.port,
    tls: 'off',
    from: 'Incipit <incipit@example.org>',
  })
  setMailSender(sendMails)
  setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  outbox().start()
  prompt = await makePrompt(owner(), { name: 'watched', labels: ['production'] })
})
afterAll(async () => {
  await app.close()
  await receiver.close()
  await mails.close()
})
beforeEach(async () => {
  await pool.query('DELETE FROM alert_rule; DELETE FROM alert_event; DELETE FROM alert_read')
  await pool.query('DELETE FROM usage_hour WHERE workspace_id = $1', [app.identity.workspaceId])
})

const owner = () => app.actor()
const hourBefore = (n: number, from = Date.now()) =>
  new Date(Math.floor(from / HOUR_MS) * HOUR_MS - n * HOUR_MS)

interface UsedHour {
  hour: Date
  total: number
  failed?: number
  label?: string
  client?: string
}

/** Uses of the prompt as the roll-ups have them. */
async function use({
  hour,
  total,
  failed = 0,
  label = 'production',
  client = 'ci',
}: UsedHour): Promise<void> {
  await pool.query(
    `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
       total, failed, duration_us, bucket_numbers, bucket_counts, last_at)
     SELECT gen_random_uuid(), $1, $2, id, 1, $5, 'render', 'rest', $6, $3::bigint, $4, 5000, '{5}',
       ARRAY[$3::bigint], $2
     FROM prompt_template WHERE workspace_id = $1 AND name = 'watched'`,
    [app.identity.workspaceId, hour, total, failed, label, client],
  )
}

const ERRORS: Condition = { kind: 'error_rate', threshold: 0.2, window_hours: 1, min_count: 10 }
const make = (input: Partial<CreateRuleInput> = {}, actor: Actor = owner()) =>
  createRule(actor, { name: 'Errors', condition: ERRORS, ...input })
const events = async () => (await listEvents(owner(), {})).items
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { code: string }) => error.code,
  )

describe('a rule', () => {
  it('fires once and resolves, as webhooks and members are told', async () => {
    const hook = await createWebhook(owner(), { name: 'Ops', url: receiver.url, events: [] })
    const member = await makeMember(owner(), { role: 'viewer' })
    const rule = await make({ destinations: { webhooks: [hook.id], members: [member.id] } })
    await use({ hour: hourBefore(0), total: 40, failed: 10 })
    const now = Date.now()
    await evaluateAlerts(new Date(now))
    await evaluateAlerts(new Date(now + 1))
    expect(await getRule(owner(), { id: rule.id })).toMatchObject({ state: 'firing', last_value: 0.25 })
    const [fired, ...others] = await events()
    expect(others).toEqual([])
    expect(fired).toMatchObject({ rule: { id: rule.id }, state: 'firing', value: 0.25, threshold: 0.2 })
    expect(fired?.summary).toBe('25 % of 40 uses failed within an hour (from 20 % on).')
    await use({ hour: hourBefore(0), total: 1000, client: 'other' })
    await evaluateAlerts(new Date(now + 2))
    const requests = await receiver.received(2)
    expect(requests.map(({ event }) => [event.type, event.data['id']])).toEqual([
      ['alert.fired', fired?.id],
      ['alert.resolved', fired?.id],
    ])
    await mails.taken(2)
    expect(mails.mails.map(({ text }) => /Subject: (.*)/.exec(text)?.[1]?.trim())).toEqual([
      'Alert: Errors',
      'Resolved: Errors',
    ])
    expect((await events())[0]?.state).toBe('resolved')
  })

  it('says nothing of others, nor of less than its least count', async () => {
    await make({ condition: { ...ERRORS, client: 'cli' } })
    await make({ condition: { ...ERRORS, label: 'staging' } })
    await make({ condition: { ...ERRORS, min_count: 50 } })
    const elsewhere = await makeCategory(owner())
    await make({ condition: { ...ERRORS, category: elsewhere.slug } })
    await make({ condition: { ...ERRORS, label: 'production', client: 'ci', prompt: 'watched' } })
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    expect((await events()).map(({ summary }) => summary)).toEqual([
      '100 % of 40 uses of watched at production by ci failed within an hour (from 20 % on).',
    ])
  })

  it('is evaluated once by two instances at the same moment', async () => {
    await make()
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    const step = { name: 'evaluate_alerts', everyMs: 60_000, run: evaluateAlerts }
    const second = app.secondInstance()
    const here = createUpkeep([step], app.runtime.log)
    const there = createUpkeep([step], second.log)
    const now = new Date()
    await Promise.all([here.round(true), there.round(true), evaluateAlerts(now), evaluateAlerts(now)])
    setRuntime(app.runtime)
    await second.close()
    expect(await events()).toHaveLength(1)
  })

  it('goes through the hours that were slept through', async () => {
    const rule = await make()
    await pool.query(`UPDATE alert_rule SET evaluated_at = now() - interval '5 hours' WHERE id = $1`, [
      rule.id,
    ])
    await use({ hour: hourBefore(3), total: 40, failed: 40 })
    await use({ hour: hourBefore(2), total: 40 })
    await evaluateAlerts()
    const [event] = await events()
    expect(event).toMatchObject({
      state: 'resolved',
      fired_at: hourBefore(2).toISOString(),
      resolved_at: hourBefore(1).toISOString(),
    })
    expect((await getRule(owner(), { id: rule.id })).state).toBe('ok')
  })

  it('would have fired when it did: the test on the past says what live evaluation found', async () => {
    const seed = [0, 3, 40, 5, 40, 0, 40, 40, 0, 2, 40, 0]
    const start = hourBefore(seed.length)
    for (const [n, failed] of seed.entries())
      await use({ hour: new Date(start.getTime() + n * HOUR_MS), total: 40, failed })
    const rule = await make()
    await pool.query('UPDATE alert_rule SET evaluated_at = $2 WHERE id = $1', [rule.id, start])
    for (let n = 1; n <= seed.length; n++) await evaluateAlerts(new Date(start.getTime() + n * HOUR_MS))
    const preview = await previewRule(owner(), { condition: ERRORS, days: 1 })
    const live = (await events()).map(({ fired_at, resolved_at, value }) => ({
      fired_at,
      resolved_at,
      value,
    }))
    expect(preview.fired).toBe(4)
    expect(preview.events.map(({ summary: _, ...event }) => event)).toEqual(live)
    expect(preview.points.length).toBeGreaterThanOrEqual(24)
  })

  it('that was changed, switched off or deleted has nothing open any more', async () => {
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    const rule = await make()
    await evaluateAlerts()
    expect((await getBell(owner())).firing).toBe(1)
    const off = await patchRule(owner(), { id: rule.id, enabled: false, if_match: rule.etag })
    expect(off).toMatchObject({ enabled: false, state: 'ok' })
    expect((await getBell(owner())).firing).toBe(0)
    expect(await codeOf(patchRule(owner(), { id: rule.id, name: 'x', if_match: rule.etag }))).toBe(
      'precondition_failed',
    )
    const same = await patchRule(owner(), { id: rule.id, condition: ERRORS, if_match: off.etag })
    expect(same.etag).toBe(off.etag)
    await deleteRule(owner(), { id: rule.id, if_match: off.etag })
    expect((await listRules(owner(), {})).items).toEqual([])
    expect(await events()).toHaveLength(1)
  })

  it('that is muted tells the bell alone', async () => {
    const count = receiver.requests.length
    const hook = await createWebhook(owner(), { name: 'Muted', url: receiver.url, events: ['alert.fired'] })
    const rule = await make()
    const muted_until = new Date(Date.now() + HOUR_MS).toISOString()
    await patchRule(owner(), { id: rule.id, muted_until, if_match: rule.etag })
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    await outbox().settled()
    expect((await getBell(owner())).firing).toBe(1)
    const { rows } = await pool.query('SELECT FROM webhook_delivery WHERE webhook_id = $1', [hook.id])
    expect(rows).toEqual([])
    expect(receiver.requests).toHaveLength(count)
  })

  it('that names what there is not is refused, and one whose thing is gone says so', async () => {
    const refused = (condition: Condition) => codeOf(make({ condition }))
    expect(await refused({ ...ERRORS, prompt: 'no_such' })).toBe('unprocessable')
    expect(await refused({ kind: 'quota', threshold: 0.5, configuration: 'no_such' })).toBe('unprocessable')
    expect(await codeOf(make({ destinations: { webhooks: [owner().id], members: [] } }))).toBe(
      'unprocessable',
    )
    const made = await createConfiguration(owner(), {
      name: 'short_lived',
      provider: 'echo',
      model: 'echo-fast',
    })
    const rule = await make({ condition: { kind: 'quota', threshold: 0.5, configuration: 'short_lived' } })
    await deleteConfiguration(owner(), { name: 'short_lived', if_match: made.etag })
    expect((await getRule(owner(), { id: rule.id })).missing).toEqual(['configuration'])
    await evaluateAlerts()
    expect(await events()).toEqual([])
  })
})

describe('the other kinds', () => {
  it('a prompt that nobody used', async () => {
    await pool.query(
      `UPDATE prompt_template SET created_at = now() - interval '40 days' WHERE name = 'watched'`,
    )
    await make({ condition: { kind: 'unused', threshold: 1, days: 30, prompt: 'watched' } })
    await use({ hour: hourBefore(24 * 20), total: 1 })
    await evaluateAlerts()
    expect(await events()).toEqual([])
    await pool.query('DELETE FROM usage_hour WHERE workspace_id = $1', [app.identity.workspaceId])
    await use({ hour: hourBefore(24 * 31), total: 1 })
    await evaluateAlerts(new Date(Date.now() + 1))
    expect((await events())[0]?.summary).toBe('watched has not been used for 30 days.')
    const past = await previewRule(owner(), {
      condition: { kind: 'unused', threshold: 1, days: 30, prompt: 'watched' },
      days: 3,
    })
    expect(past.fired).toBe(1)
  })

  it('a busy hour', async () => {
    await make({ condition: { kind: 'busy', threshold: 3, per: 'hour', min_count: 10 } })
    for (const week of [1, 2, 3, 4]) await use({ hour: hourBefore(week * 168), total: 10 })
    await use({ hour: hourBefore(0), total: 50 })
    await evaluateAlerts()
    expect((await events())[0]?.summary).toBe('50 uses this hour: 5 times the usual 10.')
  })

  it('cost and quota, from what attempts cost', async () => {
    const { id } = await createConfiguration(owner(), {
      name: 'priced',
      provider: 'echo',
      model: 'echo-fast',
      monthly_cost_quota: 10,
    })
    await pool.query(
      `WITH g AS (INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables,
           messages, configuration_id, configuration, queue, status, created_by, finished_at)
         SELECT gen_random_uuid(), p.workspace_id, p.id, 1, 'production', repeat('0', 64), '{}', '[]', $2, '{}',
           'interactive', 'succeeded', $3, now() FROM prompt_template p WHERE p.workspace_id = $1 AND p.name = 'watched'
         RETURNING id, workspace_id)
       INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, provider, model,
         input_tokens, output_tokens, cost, status, started_at, settled_at)
       SELECT gen_random_uuid(), workspace_id, id, 1, $2, 'echo', 'echo-fast', 10, 20, 8.5, 'succeeded', now(), now()
       FROM g`,
      [app.identity.workspaceId, id, owner().id],
    )
    await make({ condition: { kind: 'cost', threshold: 5, window_hours: 24, prompt: 'watched' } })
    await make({ condition: { kind: 'cost', threshold: 5, window_hours: 24, label: 'staging' } })
    await make({ condition: { kind: 'quota', threshold: 0.8, configuration: 'priced' } })
    await evaluateAlerts()
    expect((await events()).map(({ summary }) => summary).toSorted()).toEqual([
      '85 % of the monthly quota of priced is used (from 80 % on).',
      'Generations of watched cost $8.50 within 24 hours (from $5.00 on).',
    ])
  })

  it('a protected label that moved, each move once and by name', async () => {
    await make({ name: 'Releases', condition: { kind: 'label_moved' } })
    await make({ name: 'Other', condition: { kind: 'label_moved', prompt: 'watched', label: 'staging' } })
    const before = (await pool.query(`SELECT revision FROM prompt_template WHERE name = 'watched'`)).rows[0]
    expect(before).toBeDefined()
    const version = await createVersion(owner(), {
      name: 'watched',
      base_version: prompt.version,
      template_content: 'Bye.',
    })
    const moved = await setLabel(owner(), {
      name: 'watched',
      label: 'production',
      version: version.version,
      if_match: version.etag,
    })
    await setLabel(owner(), { name: 'watched', label: 'quiet', version: 1, if_match: moved.etag })
    const all = await eventually(events, (found) => found.length > 0)
    await outbox().settled()
    expect(all.map(({ summary, state }) => [summary, state])).toEqual([
      ['production of watched moved from version 1 to 2, by Local owner.', 'resolved'],
    ])
    const past = await previewRule(owner(), { condition: { kind: 'label_moved', label: 'quiet' } })
    expect(past.events.map(({ summary }) => summary)).toEqual([
      'quiet of watched was set to version 1, by Local owner.',
    ])
  })
})

describe('the bell', () => {
  it('counts what each person has not read', async () => {
    await make()
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    const viewer = viewerOf(await makeMember(owner(), { role: 'viewer' }))
    const bell = await getBell(viewer)
    expect(bell).toMatchObject({ firing: 1, unread: 1, read_at: null })
    await markRead(viewer, { until: bell.items[0]?.fired_at ?? '' })
    expect(await getBell(viewer)).toMatchObject({ firing: 1, unread: 0 })
    expect(await getBell(owner())).toMatchObject({ firing: 1, unread: 1 })
    const seen = await acknowledgeEvent(owner(), { id: bell.items[0]?.id ?? '' })
    expect(seen.acknowledged_by?.id).toBe(owner().id)
    expect((await getBell(owner())).firing).toBe(0)
    expect(await codeOf(acknowledgeEvent(viewer, { id: seen.id }))).toBe('forbidden')
    expect(await codeOf(listRules(viewer, {}))).toBe('forbidden')
  })

  it('tells nothing of another workspace', async () => {
    const other = await makeOtherWorkspace('alerts-of-others')
    await make({ name: 'Theirs' }, other)
    await make()
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    expect((await getBell(other)).items).toEqual([])
    const [event] = await events()
    expect(await codeOf(acknowledgeEvent(other, { id: event?.id ?? '' }))).toBe('not_found')
    const [theirs] = (await listRules(other, {})).items
    expect(await codeOf(getRule(owner(), { id: theirs?.id ?? '' }))).toBe('not_found')
  })
})

it('many alerts of one moment are one mail', async () => {
  const member = await makeMember(owner(), { role: 'viewer' })
  const count = mails.mails.length
  for (const name of ['One', 'Two', 'Three'])
    await make({ name, destinations: { webhooks: [], members: [member.id] } })
  await use({ hour: hourBefore(0), total: 40, failed: 40 })
  await evaluateAlerts()
  await mails.taken(count + 1)
  await outbox().settled()
  expect(mails.mails).toHaveLength(count + 1)
  for (const name of ['One', 'Two', 'Three']) expect(mails.mails.at(-1)?.text).toContain(`Alert: ${name}`)
})

it('what is over goes when its time has come', async () => {
  await make()
  await use({ hour: hourBefore(0), total: 40, failed: 40 })
  await evaluateAlerts()
  await pool.query(`UPDATE alert_event SET fired_at = now() - interval '400 days'`)
  await expireAlerts()
  expect(await events()).toHaveLength(1)
  await pool.query('UPDATE alert_event SET resolved_at = now()')
  await expireAlerts()
  expect(await events()).toEqual([])
})

it('pages of what fired come one after another', async () => {
  for (const name of ['A', 'B', 'C']) await make({ name })
  await use({ hour: hourBefore(0), total: 40, failed: 40 })
  await evaluateAlerts()
  const first = await listEvents(owner(), { limit: 2 })
  const second = await listEvents(owner(), { limit: 2, cursor: first.next_cursor ?? '' })
  expect([...first.items, ...second.items].map(({ rule }) => rule.name).toSorted()).toEqual(['A', 'B', 'C'])
  expect(second.next_cursor).toBeNull()
})

import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { deleteConfiguration } from '../ai/operations/delete-configuration.ts'
import { outbox } from '../outbox/outbox.ts'
import { setMailSender } from '../people/mail/mail-target.ts'
import { sendMails } from '../people/mail/send-mail.ts'
import { setRuntime } from '../runtime.ts'
import { makeCategory, makeOtherWorkspace, makePrompt, viewerOf } from '../testing/factories.ts'
import { type MailServer, mailServer } from '../testing/mail-server.ts'
import { makeMember } from '../testing/members.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { hourBefore, type UsedHour, useHour } from '../testing/used-hours.ts'
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
  Object.assign(app.runtime.config.webhooks, { allowed_hosts: ['127.0.0.1'] })
  setMailSender(sendMails)
  setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  outbox().start()
  await makePrompt(owner(), { name: 'watched', labels: ['production'] })
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
const use = (hour: UsedHour) => useHour(app.identity.workspaceId, hour)

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
    // One hour, though another one may begin meanwhile.
    const hour = hourBefore(0)
    await use({ hour, total: 40, failed: 10 })
    const now = Date.now()
    await evaluateAlerts(new Date(now))
    await evaluateAlerts(new Date(now + 1))
    expect(await getRule(owner(), { id: rule.id })).toMatchObject({ state: 'firing', last_value: 0.25 })
    const [fired, ...others] = await events()
    expect(others).toEqual([])
    expect(fired).toMatchObject({ rule: { id: rule.id }, state: 'firing', value: 0.25, threshold: 0.2 })
    expect(fired?.summary).toBe('25 % of 40 uses failed within an hour (from 20 % on).')
    await use({ hour, total: 1000, client: 'other' })
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
    expect(preview.events).toMatchObject(live)
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

  it('that was changed or switched on anew fires for what it finds, also in the window in which it fired before', async () => {
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    const rule = await make()
    const now = Date.now()
    await evaluateAlerts(new Date(now))
    const condition: Condition = { ...ERRORS, window_hours: 24, threshold: 0.9 }
    const changed = await patchRule(owner(), { id: rule.id, condition, if_match: rule.etag })
    await evaluateAlerts(new Date(now + 1))
    expect((await events()).map(({ state, threshold }) => [state, threshold])).toEqual([
      ['firing', 0.9],
      ['resolved', 0.2],
    ])
    const off = await patchRule(owner(), { id: rule.id, enabled: false, if_match: changed.etag })
    const on = await patchRule(owner(), { id: rule.id, enabled: true, if_match: off.etag })
    await evaluateAlerts(new Date(now + 2))
    await patchRule(owner(), { id: rule.id, name: 'Other', if_match: on.etag })
    await evaluateAlerts(new Date(now + 3))
    expect((await events()).map(({ state }) => state)).toEqual(['firing', 'resolved', 'resolved'])
  })

  it('that is muted tells the bell alone, then of what still fires, and never of an end without a beginning', async () => {
    const hook = await createWebhook(owner(), {
      name: 'Muted',
      url: receiver.url,
      events: ['alert.fired', 'alert.resolved'],
    })
    const rule = await make()
    const told = async () => {
      await outbox().settled()
      const { rows } = await pool.query<{ type: string }>(
        'SELECT type FROM webhook_delivery WHERE webhook_id = $1 ORDER BY id',
        [hook.id],
      )
      return rows.map(({ type }) => type)
    }
    const mute = async (muted_until: string | null) => {
      const { etag } = await getRule(owner(), { id: rule.id })
      await patchRule(owner(), { id: rule.id, muted_until, if_match: etag })
    }
    const inAnHour = () => new Date(Date.now() + HOUR_MS).toISOString()
    const hour = hourBefore(0)
    const now = Date.now()
    const fires = async (after: number, failed: number) => {
      await pool.query('DELETE FROM usage_hour WHERE workspace_id = $1', [app.identity.workspaceId])
      await use({ hour, total: 40, failed })
      await evaluateAlerts(new Date(now + after))
    }
    await mute(inAnHour())
    await fires(0, 40)
    expect((await getBell(owner())).firing).toBe(1)
    // It ends while it is muted: nothing is left to tell afterwards.
    await fires(1, 0)
    await mute(null)
    await evaluateAlerts(new Date(now + 2))
    expect(await told()).toEqual([])
    // It lasts longer than the mute, and ends within another one.
    await pool.query('DELETE FROM alert_event')
    await pool.query('UPDATE alert_rule SET last_window = NULL')
    await mute(inAnHour())
    await fires(3, 40)
    expect(await told()).toEqual([])
    await mute(null)
    await evaluateAlerts(new Date(now + 4))
    expect(await told()).toEqual(['alert.fired'])
    await mute(inAnHour())
    await fires(5, 0)
    expect(await told()).toEqual(['alert.fired'])
    await mute(null)
    await evaluateAlerts(new Date(now + 6))
    expect(await told()).toEqual(['alert.fired', 'alert.resolved'])
    await pool.query('DELETE FROM webhook WHERE id = $1', [hook.id])
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

describe('the bell', () => {
  it('counts what each person has not read', async () => {
    await make()
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    const viewer = viewerOf(await makeMember(owner(), { role: 'viewer' }))
    const bell = await getBell(viewer)
    expect(bell).toMatchObject({ firing: 1, unread: 1, read_at: null })
    await markRead(viewer, { until: bell.items[0]?.recorded_at ?? '' })
    expect(await getBell(viewer)).toMatchObject({ firing: 1, unread: 0 })
    expect(await getBell(owner())).toMatchObject({ firing: 1, unread: 1 })
    const seen = await acknowledgeEvent(owner(), { id: bell.items[0]?.id ?? '' })
    expect(seen.acknowledged_by?.id).toBe(owner().id)
    expect((await getBell(owner())).firing).toBe(0)
    expect(await codeOf(acknowledgeEvent(viewer, { id: seen.id }))).toBe('forbidden')
    expect(await codeOf(listRules(viewer, {}))).toBe('forbidden')
  })

  it('counts what was found late, after the reader had read', async () => {
    await make()
    await markRead(owner(), { until: new Date().toISOString() })
    await use({ hour: hourBefore(0), total: 40, failed: 40 })
    await evaluateAlerts()
    await pool.query(`UPDATE alert_event SET fired_at = now() - interval '5 hours'`)
    const bell = await getBell(owner())
    expect(bell.unread).toBe(1)
    await markRead(owner(), { until: bell.newest_at ?? '' })
    expect((await getBell(owner())).unread).toBe(0)
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

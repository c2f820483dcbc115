import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRule } from '../alerts/operations/create-rule.ts'
import { listEvents } from '../alerts/operations/list-events.ts'
import { hearEvents } from '../alerts/tell/hear-events.ts'
import { Outbox, outbox } from '../outbox/outbox.ts'
import { eraseMember } from '../people/operations/erase-member.ts'
import { ERASED_NAME } from '../people/rules.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { rotateDataKey } from '../secrets/operations/rotate-data-key.ts'
import { makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { makeMember } from '../testing/members.ts'
import { eventually } from '../testing/models/generations.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { isSignedBy, type WebhookReceiver, webhookReceiver } from '../testing/webhook-receiver.ts'
import { createWebhook } from './operations/create-webhook.ts'
import { deleteWebhook } from './operations/delete-webhook.ts'
import { getWebhook } from './operations/get-webhook.ts'
import { listDeliveries } from './operations/list-deliveries.ts'
import { listWebhooks } from './operations/list-webhooks.ts'
import { patchWebhook } from './operations/patch-webhook.ts'
import { redeliver } from './operations/redeliver.ts'
import { rotateWebhookSecret } from './operations/rotate-webhook-secret.ts'
import { testWebhook } from './operations/test-webhook.ts'
import type { CreateWebhookInput, NewWebhook } from './schema.ts'
import { expireDeliveries } from './send/expire-deliveries.ts'
import { sendDeliveries } from './send/send-deliveries.ts'
import { eventTarget, setWorkers, webhookTarget } from './targets.ts'

let app: TestRuntime
let receiver: WebhookReceiver

beforeAll(async () => {
  app = await testRuntime({
    feed: true,
    limits: {
      webhook_ms: 400,
      webhook_tries: 3,
      webhook_retry_ms: 20,
      webhook_retry_max_ms: 40,
      outbox_poll_ms: 50,
      outbox_retry_ms: 20,
    },
  })
  Object.assign(app.runtime.config.webhooks, { allowed_hosts: ['127.0.0.1'] })
  setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  outbox().start()
})
afterAll(() => app.close())
beforeEach(async () => {
  receiver = await webhookReceiver()
})
afterEach(async () => {
  for (const { id, etag } of (await listWebhooks(app.actor(), {})).items)
    await deleteWebhook(app.actor(), { id, if_match: etag })
  await receiver.close()
})

const make = (input: Partial<CreateWebhookInput> = {}): Promise<NewWebhook> =>
  createWebhook(app.actor(), { name: 'Ops', url: receiver.url, events: [], ...input })
const deliveries = async (id: string) => (await listDeliveries(app.actor(), { id })).items
/** Waits for the end of all deliveries of a webhook, the newest first. */
const settled = (id: string) =>
  eventually(
    () => deliveries(id),
    (all) => all.length > 0 && all.every(({ state }) => state !== 'waiting'),
  )
const sql = (text: string, values: unknown[] = []) => app.runtime.database.primary.pool.query(text, values)
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { code: string }) => error.code,
  )

describe('a webhook', () => {
  it('is told of changes in their order, each signed', async () => {
    const { id, secret } = await make({
      events: ['prompt.created', 'version.created', 'label.moved', 'prompt.archived'],
    })
    const prompt = await makePrompt(app.actor(), { labels: [] })
    const second = await createVersion(app.actor(), {
      name: prompt.name,
      if_match: prompt.etag,
      template_content: 'Bye.',
      labels: ['staging'],
    })
    const moved = await setLabel(app.actor(), {
      name: prompt.name,
      label: 'production',
      version: 2,
      if_match: second.etag,
    })
    await patchPrompt(app.actor(), { current_name: prompt.name, archived: true, if_match: moved.etag })
    const requests = await receiver.received(5)
    expect(requests.map(({ event }) => event.type)).toEqual([
      'prompt.created',
      'version.created',
      'label.moved',
      'label.moved',
      'prompt.archived',
    ])
    expect(requests.every((request) => isSignedBy(request, secret))).toBe(true)
    expect(requests.some((request) => isSignedBy(request, 'whsec_b3RoZXI='))).toBe(false)
    expect(requests[3]?.event.data).toMatchObject({
      prompt: { name: prompt.name },
      label: 'production',
      protected: true,
      from_version: null,
      to_version: 2,
      actor: { id: app.actor().id },
    })
    expect(new Set(requests.map((request) => request.id)).size).toBe(5)
    const all = await settled(id)
    expect(all.map(({ state, status, tries }) => ({ state, status, tries }))).toEqual(
      Array.from({ length: 5 }, () => ({ state: 'delivered', status: 204, tries: 1 })),
    )
  })

  it('is told nothing that it does not want, and nothing of another workspace', async () => {
    const { id } = await make({ events: ['prompt.archived'] })
    const other = await makeOtherWorkspace('webhooks-of-others')
    await createWebhook(other, { name: 'Theirs', url: receiver.url, events: ['prompt.created'] })
    await makePrompt(app.actor())
    await testWebhook(app.actor(), { id })
    await settled(id)
    expect(receiver.requests.map(({ event }) => event.type)).toEqual(['ping'])
    await makePrompt(other)
    const [, theirs] = await receiver.received(2)
    expect(theirs?.event.type).toBe('prompt.created')
    expect(await deliveries(id)).toHaveLength(1)
    const [stranger] = (await listWebhooks(other, {})).items
    expect(await codeOf(getWebhook(app.actor(), { id: stranger?.id ?? '' }))).toBe('not_found')
    await deleteWebhook(other, { id: stranger?.id ?? '', if_match: stranger?.etag ?? '' })
  })

  it('gets what failed again, the same in every try, before what came after it', async () => {
    let failures = 2
    receiver.answer = (response) => void response.writeHead(failures-- > 0 ? 500 : 200).end('thank you')
    const { id } = await make({ events: ['prompt.created'] })
    await makePrompt(app.actor(), { name: 'first_of_two' })
    await makePrompt(app.actor(), { name: 'second_of_two' })
    const requests = await receiver.received(4)
    const names = requests.map(({ event }) => (event.data['prompt'] as { name: string }).name)
    expect(names).toEqual(['first_of_two', 'first_of_two', 'first_of_two', 'second_of_two'])
    expect(new Set(requests.slice(0, 3).map((request) => `${request.id} ${request.body}`)).size).toBe(1)
    const [, first] = await settled(id)
    expect(first).toMatchObject({
      state: 'delivered',
      tries: 3,
      status: 200,
      answer: 'thank you',
      error: null,
    })
    expect((await getWebhook(app.actor(), { id })).failing_since).toBeNull()
  })

  it('that does not answer in time is tried again, and given up with the reason', async () => {
    receiver.answer = () => undefined
    const { id } = await make()
    await testWebhook(app.actor(), { id })
    const [given] = await settled(id)
    expect(given).toMatchObject({ state: 'given_up', tries: 3, status: null })
    expect(given?.error).toContain('limits.webhook_ms')
    expect((await getWebhook(app.actor(), { id })).failing_since).not.toBeNull()
  })

  it('that redirects is not followed, and its answer is cut', async () => {
    receiver.answer = (response) =>
      void response.writeHead(302, { location: receiver.url }).end('x'.repeat(100_000))
    const { id } = await make()
    await testWebhook(app.actor(), { id })
    const [given] = await settled(id)
    expect(given?.error).toContain('redirect')
    expect(given?.answer).toHaveLength(500)
    expect(receiver.requests).toHaveLength(3)
  })

  it('can have a delivery again, with its own id', async () => {
    const { id, secret } = await make()
    const ping = await testWebhook(app.actor(), { id })
    await settled(id)
    const again = await redeliver(app.actor(), { id, delivery: ping.id })
    expect(again).toMatchObject({ event_id: ping.event_id, redelivery_of: ping.id, body: ping.body })
    const [one, two] = await receiver.received(2)
    expect([one?.id, one?.body]).toEqual([two?.id, two?.body])
    expect(two && isSignedBy(two, secret)).toBe(true)
    await settled(id)
    expect(await codeOf(redeliver(app.actor(), { id, delivery: id }))).toBe('not_found')
  })

  it('forgets what its author was called when that person is erased, also within alerts and answers', async () => {
    const name = 'Nina "N" \\ Night'
    receiver.answer = (response, { body }) => void response.writeHead(200).end(body)
    const { id } = await make({ events: ['prompt.created', 'alert.fired'] })
    // No text that somebody writes is taken for the sign of a name.
    const rule = 'Moves \\u0001'
    await createRule(app.actor(), { name: rule, condition: { kind: 'label_moved' } })
    const author = await makeMember(app.actor(), { display: name, role: 'admin' })
    await makePrompt({ ...author, request: testRequest() }, { labels: ['production'] })
    const told = await receiver.received(2)
    expect(told.find(({ event }) => event.type === 'prompt.created')?.event.data['actor']).toMatchObject({
      display: name,
    })
    const fired = told.find(({ event }) => event.type === 'alert.fired')?.event.data
    expect(fired).toMatchObject({ rule: { name: rule }, summary: expect.stringContaining(`by ${name}.`) })
    const before = await settled(id)
    expect(before.every(({ answer }) => answer?.includes('Nina'))).toBe(true)
    await eraseMember(app.actor(), { id: author.id })
    const after = await deliveries(id)
    expect(JSON.stringify(after)).not.toContain('Nina')
    for (const { body } of after) expect(body).toContain(ERASED_NAME)
    const { rows } = await sql('SELECT body FROM webhook_delivery WHERE webhook_id = $1', [id])
    expect(JSON.stringify(rows)).not.toContain('Nina')
    for (const delivery of after) await redeliver(app.actor(), { id, delivery: delivery.id })
    for (const { body } of (await receiver.received(4)).slice(2)) {
      expect(body).toContain(ERASED_NAME)
      expect(body).not.toContain('Nina')
    }
    await settled(id)
    await sql('DELETE FROM alert_rule; DELETE FROM alert_event')
  })

  it('signs with both secrets while they overlap, and with the new one alone afterwards', async () => {
    const { id, secret: old } = await make()
    const { secret: next } = await rotateWebhookSecret(app.actor(), { id, overlap_hours: 1 })
    await testWebhook(app.actor(), { id })
    const [both] = await receiver.received(1)
    expect(both && [isSignedBy(both, next), isSignedBy(both, old)]).toEqual([true, true])
    const { secret: last } = await rotateWebhookSecret(app.actor(), { id, overlap_hours: 0 })
    await settled(id)
    await testWebhook(app.actor(), { id })
    const [, one] = await receiver.received(2)
    expect(one && [last, next, old].map((secret) => isSignedBy(one, secret))).toEqual([true, false, false])
    await settled(id)
  })

  it('keeps its secret sealed, also by the next data key, and out of the audit log', async () => {
    const { id, secret } = await make()
    const rows = async () =>
      (
        await sql(
          `SELECT key_id, encode(secret, 'escape') AS secret FROM webhook_secret WHERE webhook_id = $1`,
          [id],
        )
      ).rows
    const [before] = await rows()
    expect(before.secret).not.toContain(secret.slice(6, 20))
    await rotateDataKey(app.actor(), {})
    const [after] = await rows()
    expect(after.key_id).not.toBe(before.key_id)
    await testWebhook(app.actor(), { id })
    const [request] = await receiver.received(1)
    expect(request && isSignedBy(request, secret)).toBe(true)
    await settled(id)
    const { rows: audit } = await sql(`SELECT after::text FROM audit_event WHERE target_id = $1`, [id])
    expect(JSON.stringify(audit)).not.toContain(secret.slice(6))
    // Addresses of chats are secrets of their own.
    expect(JSON.stringify(audit)).not.toContain('/hook')
    expect(JSON.stringify(await listWebhooks(app.actor(), {}))).not.toContain(secret.slice(6))
  })

  it('that nothing reaches for days is switched off, which the bell tells', async () => {
    receiver.answer = (response) => void response.writeHead(503).end()
    const { id, name } = await make()
    await sql(`UPDATE webhook SET failing_since = now() - interval '4 days' WHERE id = $1`, [id])
    await testWebhook(app.actor(), { id })
    await settled(id)
    const webhook = await getWebhook(app.actor(), { id })
    expect(webhook).toMatchObject({ enabled: false })
    expect(webhook.disabled_reason).toContain('503')
    const [event] = (await listEvents(app.actor(), {})).items
    expect(event).toMatchObject({ kind: 'webhook_off', rule: { id: null, name }, state: 'resolved' })
    expect(await codeOf(testWebhook(app.actor(), { id }))).toBe('conflict')
    const on = await patchWebhook(app.actor(), { id, enabled: true, if_match: webhook.etag })
    expect(on).toMatchObject({ enabled: true, disabled_reason: null, failing_since: null })
  })

  it('is refused at a place that is not called, and to a stale change', async () => {
    const refused = (url: string) => make({ url }).catch((error: { code: string; message: string }) => error)
    expect(await refused('http://169.254.169.254/latest')).toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('webhooks.allowed_hosts'),
    })
    expect(await refused('https://user:word@example.org/')).toMatchObject({ code: 'unprocessable' })
    const { id, etag } = await make()
    await patchWebhook(app.actor(), { id, name: 'Other', if_match: etag })
    expect(await codeOf(patchWebhook(app.actor(), { id, name: 'Third', if_match: etag }))).toBe(
      'precondition_failed',
    )
  })

  it('gets what a process left behind that died between the commit and sending', async () => {
    setWorkers({ events: hearEvents, webhooks: () => Promise.reject(new Error('killed')) })
    const { id } = await make()
    await testWebhook(app.actor(), { id })
    await outbox().settled()
    expect(receiver.requests).toHaveLength(0)
    setWorkers({ events: hearEvents, webhooks: sendDeliveries })
    const { config, log, feed } = app.runtime
    const relay = new Outbox({ config, log, feed }, { webhooks: webhookTarget, events: eventTarget })
    await sql('UPDATE outbox SET due_at = now()')
    await relay.round()
    await relay.stop()
    await settled(id)
    expect(receiver.requests).toHaveLength(1)
  })

  it('gets nothing twice when another message of the same moment cannot be worked on', async () => {
    setWorkers({ events: hearEvents, webhooks: () => Promise.reject(new Error('held')) })
    const { limits } = app.runtime.config
    const usual = { ...limits }
    Object.assign(limits, { webhook_retry_ms: 60_000, webhook_retry_max_ms: 60_000 })
    receiver.answer = (response) => void setTimeout(() => response.writeHead(500).end(), 100)
    const { id } = await make()
    await testWebhook(app.actor(), { id })
    const { rows } = await sql(`SELECT id, target, subject, name, data FROM outbox WHERE subject = $1`, [id])
    const broken = { ...rows[0], id: 'broken', data: {} }
    await expect(sendDeliveries([broken, ...rows])).rejects.toThrow(/Invalid|expected|undefined/)
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', tries: 1, status: 500 }])
    const [again] = await sendDeliveries(rows)
    expect(again?.id).toBe(rows[0].id)
    expect(again?.ms).toBeGreaterThan(50_000)
    expect(receiver.requests).toHaveLength(1)
    Object.assign(limits, usual)
    setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  })

  it('is told of a move that began before another one of the same label, and waited for it', async () => {
    const { name } = await makePrompt(app.actor(), { labels: [] })
    const { id } = await make({ events: ['label.moved'] })
    const other = await app.runtime.database.primary.pool.connect()
    await other.query('BEGIN')
    await other.query('SELECT FROM prompt_template WHERE name = $1 FOR UPDATE', [name])
    const move = setLabel(app.actor(), { name, label: 'production', version: 1, if_match: '*' })
    await eventually(
      async () =>
        (
          await sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
        AND datname = current_database()`)
        ).rowCount,
      (count) => count === 1,
    )
    await other.query(
      `INSERT INTO label_event (id, workspace_id, prompt_id, label, from_version, to_version, actor_id, occurred_at)
       SELECT gen_random_uuid(), workspace_id, id, 'production', 1, NULL, created_by, clock_timestamp()
       FROM prompt_template WHERE name = $1`,
      [name],
    )
    await other.query('COMMIT')
    other.release()
    await move
    await settled(id)
    expect(receiver.requests.map(({ event }) => event.data)).toMatchObject([
      { label: 'production', from_version: null, to_version: 1 },
    ])
  })

  it('that is gone gets nothing any more', async () => {
    receiver.answer = (response) => void response.writeHead(500).end()
    const { id, etag } = await make()
    await testWebhook(app.actor(), { id })
    await receiver.received(1)
    await deleteWebhook(app.actor(), { id, if_match: etag })
    const waiting = `SELECT name, subject, tries, due_at - now() AS due FROM outbox WHERE subject = '${id}'`
    const left = await eventually(
      async () => JSON.stringify((await sql(waiting)).rows),
      (rows) => rows === '[]',
    )
    expect(left).toBe('[]')
  })
})

it('old deliveries go, those that wait stay, and one that nothing sends any more is given up', async () => {
  const { id } = await make()
  await testWebhook(app.actor(), { id })
  await settled(id)
  const copy = (state: string) =>
    sql(`INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, type, body, state)
      SELECT gen_random_uuid(), workspace_id, webhook_id, gen_random_uuid(), type, body, '${state}'
      FROM webhook_delivery WHERE webhook_id = '${id}' LIMIT 1`)
  await copy('waiting')
  await copy('waiting')
  await sql(`INSERT INTO outbox (workspace_id, id, target, subject, name, data, due_at)
    SELECT workspace_id, 'webhook ' || id, 'webhooks', webhook_id, 'webhook/deliver', '{}', now() + interval '1 day'
    FROM webhook_delivery WHERE webhook_id = '${id}' AND state = 'waiting' LIMIT 1`)
  expect(await expireDeliveries()).toBe(false)
  expect((await deliveries(id)).map(({ state }) => state).toSorted()).toEqual([
    'delivered',
    'given_up',
    'waiting',
  ])
  await sql(`UPDATE webhook_delivery SET created_at = now() - interval '31 days' WHERE webhook_id = $1`, [id])
  expect(await expireDeliveries()).toBe(false)
  expect((await deliveries(id)).map(({ state }) => state)).toEqual(['waiting'])
  await sql('DELETE FROM outbox WHERE subject = $1', [id])
})

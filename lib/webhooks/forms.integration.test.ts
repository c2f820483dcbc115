import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { hearEvents } from '../alerts/tell/hear-events.ts'
import { outbox } from '../outbox/outbox.ts'
import { rotateDataKey } from '../secrets/operations/rotate-data-key.ts'
import { makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { isSignedBy, type WebhookReceiver, webhookReceiver } from '../testing/webhook-receiver.ts'
import { errorOf } from '../transfer/testing.ts'
import { createWebhook } from './operations/create-webhook.ts'
import { deleteWebhook } from './operations/delete-webhook.ts'
import { listDeliveries } from './operations/list-deliveries.ts'
import { listWebhooks } from './operations/list-webhooks.ts'
import { patchWebhook } from './operations/patch-webhook.ts'
import { testWebhook } from './operations/test-webhook.ts'
import type { CreateWebhookInput } from './schema.ts'
import { sendDeliveries } from './send/send-deliveries.ts'
import { setWorkers } from './targets.ts'

let app: TestRuntime
let receiver: WebhookReceiver
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { outbox_poll_ms: 50 } })
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

const make = (input: Partial<CreateWebhookInput>) =>
  createWebhook(app.actor(), { name: 'CI', url: receiver.url, events: ['label.moved'], ...input })
const moved = { type: 'label.moved', data: { label: 'production', to_version: 1 } }

it('starts a workflow of GitHub: a repository_dispatch with the authorization', async () => {
  const { secret } = await make({ form: 'github', authorization: 'Bearer github_pat_1' })
  const prompt = await makePrompt(app.actor(), {})
  const [request] = await receiver.received(1)
  const body = JSON.parse(request?.body ?? '')
  expect(Object.keys(body)).toEqual(['event_type', 'client_payload'])
  expect(body).toMatchObject({ event_type: 'label.moved', client_payload: moved })
  expect(body.client_payload.data.prompt.name).toBe(prompt.name)
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer github_pat_1',
    accept: 'application/vnd.github+json',
    'content-type': 'application/json',
  })
  expect(request && isSignedBy(request, secret)).toBe(true)
})

it('starts a pipeline of GitLab: with its token and the event as variables', async () => {
  await make({ form: 'gitlab', authorization: 'glptt-1' })
  await makePrompt(app.actor(), {})
  const [request] = await receiver.received(1)
  const body = JSON.parse(request?.body ?? '')
  expect(body).toEqual({
    token: 'glptt-1',
    variables: { INCIPIT_EVENT: 'label.moved', INCIPIT_PAYLOAD: expect.any(String) },
  })
  expect(JSON.parse(body.variables.INCIPIT_PAYLOAD)).toMatchObject(moved)
  expect(request?.headers.authorization).toBeUndefined()
})

it('keeps the authorization to itself and to its host, through a rotation, until it is taken away', async () => {
  const { id, etag, secret: _, ...answered } = await make({ events: [], authorization: 'Bearer abc' })
  expect(JSON.stringify(answered)).not.toContain('abc')
  expect(answered).toMatchObject({ form: 'incipit', has_authorization: true })
  const elsewhere = { id, if_match: etag, url: 'https://example.org/hook' }
  expect(await errorOf(patchWebhook(app.actor(), elsewhere))).toMatchObject({ code: 'unprocessable' })
  await rotateDataKey(app.actor(), {})
  await testWebhook(app.actor(), { id })
  const [first] = await receiver.received(1)
  expect(first?.headers.authorization).toBe('Bearer abc')
  const bare = await patchWebhook(app.actor(), { id, if_match: etag, authorization: null })
  expect(bare.has_authorization).toBe(false)
  await testWebhook(app.actor(), { id })
  const [, second] = await receiver.received(2)
  expect(second?.headers.authorization).toBeUndefined()
  const kept = await listDeliveries(app.actor(), { id })
  expect(JSON.stringify(kept)).not.toContain('abc')
})

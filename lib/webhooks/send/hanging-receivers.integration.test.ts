import { expect, it } from 'vitest'
import { hearEvents } from '../../alerts/tell/hear-events.ts'
import { outbox } from '../../outbox/outbox.ts'
import { eventually } from '../../testing/models/generations.ts'
import { testRuntime } from '../../testing/runtime.ts'
import { webhookReceiver } from '../../testing/webhook-receiver.ts'
import { createWebhook } from '../operations/create-webhook.ts'
import { listDeliveries } from '../operations/list-deliveries.ts'
import { testWebhook } from '../operations/test-webhook.ts'
import { setWorkers } from '../targets.ts'
import { sendDeliveries } from './send-deliveries.ts'

it.each([
  [200, { state: 'delivered', tries: 1, error: null }],
  [500, { state: 'given_up', tries: 2, error: 'It answered with 500.' }],
])('an answer of %i whose rest does not come is judged by its status', async (status, expected) => {
  const limits = { webhook_ms: 300, webhook_tries: 2, webhook_retry_ms: 20, outbox_poll_ms: 50 }
  const app = await testRuntime({ limits })
  const receiver = await webhookReceiver()
  receiver.answer = (response) => void response.writeHead(status).write('half of')
  Object.assign(app.runtime.config.webhooks, { allowed_hosts: ['127.0.0.1'] })
  setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  outbox().start()
  const { id } = await createWebhook(app.actor(), { name: 'Stalls', url: receiver.url, events: [] })
  await testWebhook(app.actor(), { id })
  const [delivery] = await eventually(
    async () => (await listDeliveries(app.actor(), { id })).items,
    (all) => all.every(({ state }) => state !== 'waiting'),
  )
  expect(delivery).toMatchObject({ ...expected, status, answer: 'half of' })
  await app.close()
  await receiver.close()
})

it('a receiver that hangs holds up no shutdown: another process tries again, and it was no failure', async () => {
  const app = await testRuntime({ limits: { shutdown_ms: 500, webhook_ms: 10_000 } })
  const receiver = await webhookReceiver()
  receiver.answer = () => undefined
  Object.assign(app.runtime.config.webhooks, { allowed_hosts: ['127.0.0.1'] })
  setWorkers({ events: hearEvents, webhooks: sendDeliveries })
  const { id } = await createWebhook(app.actor(), { name: 'Hangs', url: receiver.url, events: [] })
  await testWebhook(app.actor(), { id })
  await receiver.received(1)
  const began = performance.now()
  await app.runtime.beginShutdown()
  await outbox().stop()
  expect(performance.now() - began).toBeLessThan(5000)
  expect((await listDeliveries(app.actor(), { id })).items).toMatchObject([
    { state: 'waiting', tries: 0, error: null },
  ])
  const left = await app.runtime.database.primary.pool.query('SELECT FROM outbox WHERE subject = $1', [id])
  expect(left.rowCount).toBe(1)
  await app.close()
  await receiver.close()
})

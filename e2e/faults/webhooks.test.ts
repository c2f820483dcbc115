import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConfigFile } from '#lib/config/schema.ts'
import type { FreshDatabase } from '#lib/testing/database.ts'
import { isSignedBy, type WebhookReceiver, webhookReceiver } from '#lib/testing/webhook-receiver.ts'
import { startApp, startedDatabase } from '../start-app.ts'
import { call, textAt } from './harness/api.ts'

const CONFIG: ConfigFile = {
  webhooks: { allowed_hosts: ['127.0.0.1'] },
  limits: { outbox_claim_ms: 6000, outbox_poll_ms: 200, webhook_retry_ms: 50 },
}
const VERSIONS = 12

let database: FreshDatabase
let receiver: WebhookReceiver
beforeAll(async () => {
  database = await startedDatabase()
  receiver = await webhookReceiver()
})
afterAll(async () => {
  await receiver.close()
  await database.drop()
})

it('everything that was kept arrives, in order and as it was, though the process is killed while it sends', async () => {
  let isAnswering = true
  receiver.answer = (response) => {
    if (isAnswering) response.writeHead(204).end()
  }
  const first = await startApp({ database: database.url, config: CONFIG })
  const hook = { name: 'Ops', url: receiver.url, events: ['version.created'] }
  const made = await call(first, 'POST', '/api/webhooks', { body: hook })
  expect(made.status).toBe(201)
  const prompt = { name: 'greeting', template_content: 'Hello' }
  let saved = await call(first, 'POST', '/api/prompts', { body: prompt })
  expect(saved.status).toBe(201)
  const numbers = Array.from({ length: VERSIONS }, (_, n) => n + 2)
  for (const number of numbers) {
    // The receiver takes what comes, and says no more: at the kill one is under way, and others wait.
    isAnswering = number < VERSIONS / 2
    const body = { template_content: `Hello ${number}` }
    const headers = { 'if-match': saved.headers.get('etag') ?? '' }
    saved = await call(first, 'POST', '/api/prompts/greeting/versions', { body, headers })
    expect(saved.status).toBe(201)
  }
  await first.kill()
  isAnswering = true
  const second = await startApp({ database: database.url, config: CONFIG })
  const requests = await receiver.received(VERSIONS + 1)
  await second.stop()

  const arrived = new Map(requests.map((request) => [request.id, request.event.data['version']]))
  expect([...arrived.values()]).toEqual(numbers)
  const bodies = new Set(requests.map(({ id, body }) => `${id} ${body}`))
  expect(bodies.size).toBe(VERSIONS)
  expect(requests.every((request) => isSignedBy(request, textAt(made.body, 'secret')))).toBe(true)
}, 120_000)

import { expect, vi } from 'vitest'
import { webhookReceiver } from '#lib/testing/webhook-receiver.ts'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

const NOWHERE = '018f0000-0000-7000-8000-000000000000'
const STALE = { 'if-match': '"00000000-1"' }
const etagOf = (answer: Received) => ({ 'if-match': answer.headers.etag ?? '' })
const CONDITION = { kind: 'label_moved', label: 'watched' }
const OF_NOBODY = { kind: 'error_rate', threshold: 0.1, window_hours: 1, min_count: 1, prompt: 'nobody' }

/** Alerts, each with each answer that it declares. */
export async function callAlerts(call: Call): Promise<void> {
  const path = '/api/alerts'
  await call('createAlertRule', 422, { path, body: { name: 'Of nobody', condition: OF_NOBODY } })
  const made = await call('createAlertRule', 201, { path, body: { name: 'Moved', condition: CONDITION } })
  await call('listAlertRules', 200, { path })
  await call('previewAlertRule', 200, { path: `${path}/preview`, body: { condition: CONDITION } })
  await call('previewAlertRule', 422, { path: `${path}/preview`, body: { condition: OF_NOBODY } })
  await callEvents(call)
  const own = `${path}/${fieldOf(made, 'id')}`
  const read = await call('getAlertRule', 200, { path: own })
  await call('getAlertRule', 404, { path: `${path}/${NOWHERE}` })
  const body = { enabled: false }
  await call('patchAlertRule', 428, { path: own, body })
  await call('patchAlertRule', 412, { path: own, body, headers: STALE })
  await call('patchAlertRule', 404, { path: `${path}/${NOWHERE}`, body, headers: STALE })
  await call('patchAlertRule', 422, { path: own, body: { condition: OF_NOBODY }, headers: etagOf(read) })
  const changed = await call('patchAlertRule', 200, { path: own, body, headers: etagOf(read) })
  await call('deleteAlertRule', 428, { path: own })
  await call('deleteAlertRule', 412, { path: own, headers: STALE })
  await call('deleteAlertRule', 404, { path: `${path}/${NOWHERE}`, headers: STALE })
  await call('deleteAlertRule', 204, { path: own, headers: etagOf(changed) })
}

/** A label is moved that a rule watches. */
async function callEvents(call: Call): Promise<void> {
  const path = '/api/alerts/events'
  const labels = await call('listLabels', 200, { path: '/api/prompts/zero_shot/labels' })
  await call('setLabel', 200, {
    path: '/api/prompts/zero_shot/labels/watched',
    body: { version: 1 },
    headers: etagOf(labels),
  })
  const event = await vi.waitFor(
    async () => {
      const listed = await call('listAlertEvents', 200, { path: `${path}?limit=1` })
      const { items } = listed.json as { items: { id: string; recorded_at: string }[] }
      expect(items).toHaveLength(1)
      return items[0]
    },
    { timeout: 15_000, interval: 100 },
  )
  await call('getAlertBell', 200, { path: '/api/alerts/bell' })
  await call('acknowledgeAlert', 200, { path: `${path}/${event?.id}/acknowledge`, body: {} })
  await call('acknowledgeAlert', 404, { path: `${path}/${NOWHERE}/acknowledge`, body: {} })
  await call('markAlertsRead', 204, { path: `${path}/read`, body: { until: event?.recorded_at } })
}

/** Webhooks, each with each answer that it declares. */
export async function callWebhooks(call: Call): Promise<void> {
  const receiver = await webhookReceiver()
  try {
    const path = '/api/webhooks'
    const hook = { name: 'On call', url: receiver.url, events: ['version.created'] }
    await call('createWebhook', 422, { path, body: { ...hook, url: 'https://169.254.169.254/hook' } })
    const made = await call('createWebhook', 201, { path, body: hook })
    await call('listWebhooks', 200, { path })
    const own = `${path}/${fieldOf(made, 'id')}`
    await callDeliveries(call, own)
    await callChanges(call, own)
  } finally {
    await receiver.close()
  }
}

async function callDeliveries(call: Call, own: string): Promise<void> {
  const other = `/api/webhooks/${NOWHERE}`
  await call('rotateWebhookSecret', 200, { path: `${own}/rotate`, body: { overlap_hours: 1 } })
  await call('rotateWebhookSecret', 404, { path: `${other}/rotate`, body: {} })
  await call('testWebhook', 202, { path: `${own}/test`, body: {} })
  await call('testWebhook', 404, { path: `${other}/test`, body: {} })
  await call('listWebhookDeliveries', 404, { path: `${other}/deliveries` })
  const id = await vi.waitFor(
    async () => {
      const listed = await call('listWebhookDeliveries', 200, { path: `${own}/deliveries?state=delivered` })
      const [first] = (listed.json as { items: { id: string }[] }).items
      expect(first).toBeDefined()
      return first?.id ?? ''
    },
    { timeout: 15_000, interval: 100 },
  )
  await call('redeliverWebhook', 202, { path: `${own}/deliveries/${id}/redeliver`, body: {} })
  await call('redeliverWebhook', 404, { path: `${own}/deliveries/${NOWHERE}/redeliver`, body: {} })
  const read = await call('getWebhook', 200, { path: own })
  await call('patchWebhook', 200, { path: own, body: { enabled: false }, headers: etagOf(read) })
  await call('testWebhook', 409, { path: `${own}/test`, body: {} })
  await call('redeliverWebhook', 409, { path: `${own}/deliveries/${id}/redeliver`, body: {} })
}

async function callChanges(call: Call, own: string): Promise<void> {
  const other = `/api/webhooks/${NOWHERE}`
  const read = await call('getWebhook', 200, { path: own })
  await call('getWebhook', 404, { path: other })
  const body = { name: 'Nights' }
  await call('patchWebhook', 428, { path: own, body })
  await call('patchWebhook', 412, { path: own, body, headers: STALE })
  await call('patchWebhook', 404, { path: other, body, headers: STALE })
  const foreign = { url: 'https://169.254.169.254/hook' }
  await call('patchWebhook', 422, { path: own, body: foreign, headers: etagOf(read) })
  await call('deleteWebhook', 428, { path: own })
  await call('deleteWebhook', 412, { path: own, headers: STALE })
  await call('deleteWebhook', 404, { path: other, headers: STALE })
  await call('deleteWebhook', 204, { path: own, headers: etagOf(read) })
}

function fieldOf({ json }: Received, name: string): string {
  return String(Object.entries(json as object).find(([key]) => key === name)?.[1])
}

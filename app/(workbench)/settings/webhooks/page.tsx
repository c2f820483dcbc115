import type { Metadata } from 'next'
import { WebhookBoard } from '#components/webhooks/webhook-board.tsx'
import { listWebhooks } from '#lib/webhooks/operations/list-webhooks.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Webhooks · Settings' }

export default async function WebhooksPage() {
  const { items } = await readForPage((actor) => listWebhooks(actor, { limit: 200 }))
  return <WebhookBoard first={items} readAt={Date.now()} />
}

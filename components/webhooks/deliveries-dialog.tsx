'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { ListFailure, MorePages } from '#components/rows/more-rows.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted, formatMoment } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { showToast } from '#components/ui/toast.ts'
import { call } from '#lib/rest/client.ts'
import type { Delivery, Webhook } from '#lib/webhooks/schema.ts'
import { deliveryPagesQuery, WEBHOOKS } from './queries.ts'

/** What a webhook was sent, and how that went. */
export function DeliveriesDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const pages = useInfiniteQuery(deliveryPagesQuery(webhook.id))
  const deliveries = pages.data?.pages.flatMap(({ items }) => items)
  return (
    <Dialog title={`Deliveries of ${webhook.name}`} isOpen isRoomy onOpenChange={onClose}>
      {pages.error && <ListFailure error={pages.error} onRetry={() => void pages.refetch()} />}
      {deliveries?.length === 0 && <p className="text-ink-soft">Nothing was sent yet.</p>}
      <ul className="divide-y divide-line">
        {deliveries?.map((delivery) => (
          <li key={delivery.id} className="py-3">
            <DeliveryLine webhook={webhook} delivery={delivery} />
          </li>
        ))}
      </ul>
      <MorePages pages={pages} />
    </Dialog>
  )
}

const STATES = {
  waiting: { text: 'waits', tone: 'lapis' },
  delivered: { text: 'delivered', tone: 'plain' },
  given_up: { text: 'given up', tone: 'rubric' },
} as const

function DeliveryLine({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const { type, state, status, tries, error, created_at: at, duration_ms: ms, next_at: next } = delivery
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <code className="font-mono">{type}</code>
          <Badge tone={STATES[state].tone}>{STATES[state].text}</Badge>
          {delivery.redelivery_of !== null && <Badge>again</Badge>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs" data-volatile>
          <time dateTime={at}>{formatMoment(at)}</time>
          <span>{counted(tries, 'try', 'tries')}</span>
          {status !== null && <span>Status {status}</span>}
          {ms !== null && <span>{ms} ms</span>}
          {state === 'waiting' && next !== null && <span>Again at {formatMoment(next)}</span>}
        </p>
        {error !== null && <p className="mt-0.5 text-rubric text-sm [overflow-wrap:anywhere]">{error}</p>}
        <Texts delivery={delivery} />
      </div>
      <Redeliver webhook={webhook} delivery={delivery} />
    </div>
  )
}

function Texts({ delivery: { type, body, answer } }: { delivery: Delivery }) {
  return (
    <details className="mt-1 text-sm">
      <summary className="min-h-8 cursor-pointer rounded text-ink-soft">What was sent and answered</summary>
      <ScrollRegion name={`Sent: ${type}`} className="mt-1 overflow-x-auto rounded bg-sunken p-2">
        <pre className="font-mono text-xs">{JSON.stringify(JSON.parse(body), null, 2)}</pre>
      </ScrollRegion>
      <p className="mt-2 text-ink-faint text-xs">
        {answer ? 'The answer began so:' : 'The answer was empty.'}
      </p>
      {answer && <pre className="mt-1 whitespace-pre-wrap break-all font-mono text-xs">{answer}</pre>}
    </details>
  )
}

function Redeliver({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const attempt = useAttempt(WEBHOOKS)
  if (delivery.state === 'waiting') return null
  const send = async () => {
    const params = { id: webhook.id, delivery: delivery.id }
    await call('POST /api/webhooks/{id}/deliveries/{delivery}/redeliver', { params })
    showToast({ message: 'It is sent again.' })
  }
  return (
    <Button
      aria-label={`Send again: ${delivery.type}`}
      onPress={() => void attempt(send, 'It was not sent again.')}
    >
      Send again
    </Button>
  )
}

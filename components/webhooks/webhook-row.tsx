'use client'

import { BoardRow } from '#components/board/board-row.tsx'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted, formatAgo, formatMoment } from '#components/ui/format.ts'
import { call } from '#lib/rest/client.ts'
import { WEBHOOK_EVENTS } from '#lib/webhooks/rules.ts'
import type { Webhook } from '#lib/webhooks/schema.ts'
import { EVENT_WORDS } from './event-words.ts'
import { WEBHOOKS } from './queries.ts'
import type { WebhookDialogState } from './webhook-board.tsx'

interface RowProps {
  webhook: Webhook
  now: number
  onOpen: (dialog: WebhookDialogState) => void
}

/** One webhook: where it leads, what it hears, how it goes. */
export function WebhookRow({ webhook, now, onOpen }: RowProps) {
  const { id, etag, name, url, disabled_reason: reason, failing_since: failing, enabled } = webhook
  const heard = WEBHOOK_EVENTS.filter((event) => webhook.events.includes(event))
  const attempt = useAttempt(WEBHOOKS)
  const change = (isOn: boolean) =>
    call('PATCH /api/webhooks/{id}', { params: { id }, ifMatch: etag, body: { enabled: isOn } })
  return (
    <BoardRow
      kind="webhook"
      name={name}
      isOn={enabled}
      badges={enabled && failing !== null && <Badge tone="rubric">failing</Badge>}
      buttons={<DeliveriesAndPing webhook={webhook} onShow={() => onOpen({ kind: 'deliveries', webhook })} />}
      onSwitch={(isOn) => void attempt(() => change(isOn), `“${name}” was not changed.`)}
      asks={['edit', 'rotate', 'delete']}
      onAsk={(kind) => onOpen({ kind, webhook })}
    >
      <p className="mt-0.5 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">{url}</p>
      <p className="mt-0.5 text-ink-soft text-sm">
        {heard.length === 0
          ? 'The alerts that name it'
          : heard.map((event) => EVENT_WORDS[event]).join(' · ')}
      </p>
      {reason !== null && <p className="mt-0.5 text-rubric text-sm">{reason}</p>}
      <Facts webhook={webhook} now={now} />
    </BoardRow>
  )
}

function Facts({ webhook, now }: Pick<RowProps, 'webhook' | 'now'>) {
  const { failing_since: failing, waiting, previous_secret_until: previous } = webhook
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-faint text-xs" data-volatile>
      {failing !== null && (
        <time dateTime={failing} title={formatMoment(failing)}>
          Not reached since {formatAgo(failing, now)}
        </time>
      )}
      {waiting > 0 && <span>{counted(waiting, 'delivery waits', 'deliveries wait')}</span>}
      {previous !== null && <span>The secret before signs as well until {formatMoment(previous)}</span>}
    </p>
  )
}

function DeliveriesAndPing({
  webhook: { id, name, enabled },
  onShow,
}: {
  webhook: Webhook
  onShow: () => void
}) {
  const attempt = useAttempt(WEBHOOKS)
  const ping = async () => {
    await call('POST /api/webhooks/{id}/test', { params: { id } })
    onShow()
  }
  return (
    <>
      <Button aria-label={`Deliveries of ${name}`} onPress={onShow}>
        Deliveries
      </Button>
      <Button
        aria-label={`Ping ${name}`}
        reason={enabled ? undefined : 'Switch it on first.'}
        onPress={() => void attempt(ping, `“${name}” was not pinged.`)}
      >
        Ping
      </Button>
    </>
  )
}

'use client'

import { useQueryClient } from '@tanstack/react-query'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted, formatAgo, formatMoment } from '#components/ui/format.ts'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast.ts'
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
  const { name, url, disabled_reason: reason, failing_since: failing, enabled } = webhook
  const heard = WEBHOOK_EVENTS.filter((event) => webhook.events.includes(event))
  return (
    <div
      data-webhook={name}
      className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          {!enabled && <Badge>off</Badge>}
          {enabled && failing !== null && <Badge tone="rubric">failing</Badge>}
        </h3>
        <p className="mt-0.5 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">{url}</p>
        <p className="mt-0.5 text-ink-soft text-sm">
          {heard.length === 0
            ? 'The alerts that name it'
            : heard.map((event) => EVENT_WORDS[event]).join(' · ')}
        </p>
        {reason !== null && <p className="mt-0.5 text-rubric text-sm">{reason}</p>}
        <Facts webhook={webhook} now={now} />
      </div>
      <Actions webhook={webhook} onOpen={onOpen} />
    </div>
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

function Actions({ webhook, onOpen }: Pick<RowProps, 'webhook' | 'onOpen'>) {
  const { name, enabled } = webhook
  const { change, test } = useWebhookEdits(webhook)
  const open = (kind: 'edit' | 'deliveries' | 'rotate' | 'delete') => () => onOpen({ kind, webhook })
  return (
    <div className="flex flex-wrap items-center gap-2 sm:max-w-xs sm:justify-end xl:max-w-none">
      <Switch isOn={enabled} aria-label={`${name} is on`} onChange={(isOn) => void change(isOn)} />
      <Button aria-label={`Deliveries of ${name}`} onPress={open('deliveries')}>
        Deliveries
      </Button>
      <Button
        aria-label={`Ping ${name}`}
        reason={enabled ? undefined : 'Switch it on first.'}
        onPress={() => void test(open('deliveries'))}
      >
        Ping
      </Button>
      <Button aria-label={`Change ${name}`} onPress={open('edit')}>
        Change
      </Button>
      <Button aria-label={`New secret for ${name}`} onPress={open('rotate')}>
        New secret
      </Button>
      <Button aria-label={`Delete ${name}`} onPress={open('delete')}>
        Delete
      </Button>
    </div>
  )
}

function useWebhookEdits({ id, name, etag }: Webhook) {
  const queries = useQueryClient()
  const attempt = async (work: () => Promise<unknown>, failure: string) => {
    try {
      await work()
    } catch (error) {
      const detail = error instanceof Error ? error.message : undefined
      showToast({ tone: 'failure', message: failure, detail })
    }
    await queries.invalidateQueries({ queryKey: WEBHOOKS })
  }
  return {
    change: (enabled: boolean) =>
      attempt(
        () => call('PATCH /api/webhooks/{id}', { params: { id }, ifMatch: etag, body: { enabled } }),
        `“${name}” was not changed.`,
      ),
    test: (then: () => void) =>
      attempt(async () => {
        await call('POST /api/webhooks/{id}/test', { params: { id } })
        then()
      }, `“${name}” was not pinged.`),
  }
}

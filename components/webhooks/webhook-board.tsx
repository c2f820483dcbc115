'use client'

import { useQuery } from '@tanstack/react-query'
import { Webhook as WebhookSign } from 'lucide-react'
import { useState } from 'react'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { NewWebhook, Webhook } from '#lib/webhooks/schema.ts'
import { webhooksQuery } from './queries.ts'
import { WebhookRow } from './webhook-row.tsx'

const WebhookDialog = dialogPart(
  async () => (await import('./webhook-dialog.tsx')).WebhookDialog,
  ({ onClose }) => onClose(),
)
const DeliveriesDialog = dialogPart(
  async () => (await import('./deliveries-dialog.tsx')).DeliveriesDialog,
  ({ onClose }) => onClose(),
)
const SecretDialogs = dialogPart(
  async () => (await import('./secret-dialogs.tsx')).SecretDialogs,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type WebhookDialogState =
  | { kind: 'new' }
  | { kind: 'made'; made: NewWebhook }
  | { kind: 'edit' | 'deliveries' | 'rotate' | 'delete'; webhook: Webhook }

/** Where others are told of alerts and changes. */
export function WebhookBoard({ first, readAt }: { first: Webhook[]; readAt: number }) {
  const [dialog, open] = useState<WebhookDialogState>()
  const now = useNow(readAt)
  const create = () => open({ kind: 'new' })
  const webhooks = useQuery({ ...webhooksQuery, initialData: first, initialDataUpdatedAt: readAt }).data
  useActions([
    { id: 'webhooks.new', name: 'New webhook', group: 'Webhooks', run: create, words: 'http notify' },
  ])
  return (
    <section aria-labelledby="webhooks">
      <SectionHead
        id="webhooks"
        title="Webhooks"
        action={
          <Button look="primary" onPress={create}>
            <WebhookSign aria-hidden="true" />
            New webhook
          </Button>
        }
      >
        Each gets a signed POST for what it wants to hear, in order, again and again until it is taken.
      </SectionHead>
      {webhooks.length === 0 && (
        <EmptyState
          title="Nobody is told yet"
          action={
            <Button look="primary" onPress={create}>
              Make a webhook
            </Button>
          }
        >
          <p>Let a chat, an on-call service or your own program hear when an alert fires or a label moves.</p>
        </EmptyState>
      )}
      <ul className="divide-y divide-line border-line border-b">
        {webhooks.map((webhook) => (
          <li key={webhook.id}>
            <WebhookRow webhook={webhook} now={now} onOpen={open} />
          </li>
        ))}
      </ul>
      {dialog && <Dialogs dialog={dialog} open={open} />}
    </section>
  )
}

function Dialogs({
  dialog,
  open,
}: {
  dialog: WebhookDialogState
  open: (dialog: WebhookDialogState | undefined) => void
}) {
  const close = () => open(undefined)
  if (dialog.kind === 'new' || dialog.kind === 'edit')
    return (
      <WebhookDialog
        webhook={dialog.kind === 'edit' ? dialog.webhook : undefined}
        onMade={(made) => open({ kind: 'made', made })}
        onClose={close}
      />
    )
  if (dialog.kind === 'deliveries') return <DeliveriesDialog webhook={dialog.webhook} onClose={close} />
  return <SecretDialogs dialog={dialog} onMade={(made) => open({ kind: 'made', made })} onClose={close} />
}

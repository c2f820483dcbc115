'use client'

import { useQuery } from '@tanstack/react-query'
import { Webhook as WebhookSign } from 'lucide-react'
import { useState } from 'react'
import { Board } from '#components/board/board.tsx'
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
  const query = { ...webhooksQuery, initialData: first, initialDataUpdatedAt: readAt }
  return (
    <Board
      id="webhooks"
      title="Webhooks"
      about="Each gets a signed POST for what it wants to hear, in order, again and again until it is taken."
      make={{
        name: 'New webhook',
        sign: WebhookSign,
        words: 'http notify',
        run: () => open({ kind: 'new' }),
      }}
      nothing={{
        title: 'Nobody is told yet',
        text: 'Let a chat, an on-call service or your own program hear when an alert fires or a label moves.',
        action: 'Make a webhook',
      }}
      items={useQuery(query).data}
      renderRow={(webhook) => <WebhookRow webhook={webhook} now={now} onOpen={open} />}
    >
      {dialog && <Dialogs dialog={dialog} open={open} />}
    </Board>
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
  const show = (made: NewWebhook) => open({ kind: 'made', made })
  if (dialog.kind === 'new') return <WebhookDialog onMade={show} onClose={close} />
  if (dialog.kind === 'edit') return <WebhookDialog webhook={dialog.webhook} onMade={show} onClose={close} />
  if (dialog.kind === 'deliveries') return <DeliveriesDialog webhook={dialog.webhook} onClose={close} />
  return <SecretDialogs dialog={dialog} onMade={show} onClose={close} />
}

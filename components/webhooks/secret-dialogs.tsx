'use client'

import { useQueryClient } from '@tanstack/react-query'
import { DeleteDialog } from '#components/board/delete-dialog.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import { call } from '#lib/rest/client.ts'
import { SECRET_OVERLAP_HOURS } from '#lib/webhooks/rules.ts'
import type { NewWebhook, Webhook } from '#lib/webhooks/schema.ts'
import { WEBHOOKS } from './queries.ts'
import type { WebhookDialogState } from './webhook-board.tsx'

/** What is about the secret of a webhook, or its end. */
export function SecretDialogs({
  dialog,
  onMade,
  onClose,
}: {
  dialog: WebhookDialogState
  onMade: (made: NewWebhook) => void
  onClose: () => void
}) {
  if (dialog.kind === 'made') return <Made made={dialog.made} onClose={onClose} />
  if (dialog.kind === 'rotate') return <Rotate webhook={dialog.webhook} onMade={onMade} onClose={onClose} />
  return dialog.kind === 'delete' ? <Delete webhook={dialog.webhook} onClose={onClose} /> : null
}

function Made({ made: { name, secret }, onClose }: { made: NewWebhook; onClose: () => void }) {
  return (
    <ShownOnceDialog title={`Secret of “${name}”`} onClose={onClose}>
      <p className="mb-3 text-ink-soft text-sm">
        What is sent is signed with it, as Standard Webhooks describes. Copy it now: it is shown this once.
      </p>
      <ShownOnce name="Signing secret" text={secret} />
    </ShownOnceDialog>
  )
}

const OVERLAPS = [
  { id: '0', label: 'Not at all' },
  { id: '1', label: 'An hour' },
  { id: String(SECRET_OVERLAP_HOURS.usual), label: 'A day' },
  { id: '168', label: 'A week' },
]

function Rotate({
  webhook: { id, name },
  onMade,
  onClose,
}: {
  webhook: Webhook
  onMade: (made: NewWebhook) => void
  onClose: () => void
}) {
  const queries = useQueryClient()
  const form = useForm({
    values: { overlap: String(SECRET_OVERLAP_HOURS.usual) },
    send: async ({ overlap }) => {
      const body = { overlap_hours: Number(overlap) }
      onMade(await call('POST /api/webhooks/{id}/rotate', { params: { id }, body }))
      await queries.invalidateQueries({ queryKey: WEBHOOKS })
    },
  })
  return (
    <FormDialog title={`New secret for ${name}`} form={form} action="Make the secret" onClose={onClose}>
      <SelectField
        form={form}
        field="overlap"
        label="The one before signs as well for"
        hint="Put the new one into the receiver within this time."
        choices={OVERLAPS}
      />
    </FormDialog>
  )
}

function Delete({
  webhook: { id, name, etag, waiting },
  onClose,
}: {
  webhook: Webhook
  onClose: () => void
}) {
  return (
    <DeleteDialog
      name={name}
      list={WEBHOOKS}
      onDelete={() => call('DELETE /api/webhooks/{id}', { params: { id }, ifMatch: etag })}
      onClose={onClose}
    >
      Its secret and its deliveries go with it{waiting > 0 ? `, ${waiting} of which still wait` : ''}.
    </DeleteDialog>
  )
}

'use client'

import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { ShownOnce } from '#components/ui/shown-once.tsx'
import { showToast } from '#components/ui/toast.ts'
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
    <Dialog title={`Secret of “${name}”`} isOpen isLasting onOpenChange={onClose}>
      <p className="mb-3 text-ink-soft text-sm">
        What is sent is signed with it, as Standard Webhooks describes. Copy it now: it is shown this once.
      </p>
      <ShownOnce name="Signing secret" text={secret} />
      <div className="mt-6 flex justify-end">
        <Button look="primary" onPress={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
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
  const queries = useQueryClient()
  const remove = async () => {
    await call('DELETE /api/webhooks/{id}', { params: { id }, ifMatch: etag })
    await queries.invalidateQueries({ queryKey: WEBHOOKS })
    showToast({ message: `“${name}” is deleted.` })
  }
  return (
    <QuestionDialog title={`Delete ${name}`} action="Delete" onDo={remove} onClose={onClose}>
      <p>Its secret and its deliveries go with it{waiting > 0 ? `, ${waiting} of which still wait` : ''}.</p>
    </QuestionDialog>
  )
}

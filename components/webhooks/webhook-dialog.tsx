'use client'

import { useQueryClient } from '@tanstack/react-query'
import {
  AuthorizationField,
  type AuthorizationValues,
  authorizationBody,
  NO_AUTHORIZATION,
} from '#components/forms/authorization-field.tsx'
import { CheckList } from '#components/forms/check-list.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { showToast } from '#components/ui/toast.ts'
import { call } from '#lib/rest/client.ts'
import {
  WEBHOOK_EVENTS,
  WEBHOOK_FORMS,
  WEBHOOK_NAME_LENGTH,
  WEBHOOK_URL_LENGTH,
} from '#lib/webhooks/rules.ts'
import type { NewWebhook, Webhook } from '#lib/webhooks/schema.ts'
import { EVENT_WORDS } from './event-words.ts'
import { WEBHOOKS } from './queries.ts'

interface Values extends AuthorizationValues {
  name: string
  url: string
  events: string[]
  form: string
}

const FORMS = [
  { id: 'incipit', label: 'The event as JSON' },
  { id: 'github', label: 'Workflow of GitHub' },
  { id: 'gitlab', label: 'Pipeline of GitLab' },
]

/** Makes a webhook, or changes one. A new one has a secret, which is shown next. */
export function WebhookDialog({
  webhook,
  onMade,
  onClose,
}: {
  /** Left out: a new one. */
  webhook?: Webhook | undefined
  onMade: (made: NewWebhook) => void
  onClose: () => void
}) {
  const form = useWebhookForm(webhook, onMade, onClose)
  return (
    <FormDialog
      title={webhook ? webhook.name : 'New webhook'}
      form={form}
      action={webhook ? 'Save' : 'Make the webhook'}
      onClose={onClose}
    >
      <TextField form={form} field="name" label="Name" maxLength={WEBHOOK_NAME_LENGTH} ref={focusAtOnce} />
      <TextField
        form={form}
        field="url"
        label="Address"
        placeholder="https://example.org/incipit"
        hint="It gets a POST with JSON."
        inputMode="url"
        autoCapitalize="none"
        maxLength={WEBHOOK_URL_LENGTH}
      />
      <SelectField form={form} field="form" label="Form" choices={FORMS} />
      <AuthorizationField
        form={form}
        hint="If the receiver asks for one: “Bearer …”; for GitLab the trigger token."
        isThere={webhook?.has_authorization === true}
      />
      <CheckList
        id={`${form.id}-events`}
        legend="Hears when"
        hint="Alerts that name it tell it of themselves anyway."
        error={form.faults.events}
        items={WEBHOOK_EVENTS.map((id) => ({ id, label: EVENT_WORDS[id] }))}
        ticked={form.values.events}
        onChange={(events) => form.set({ events })}
      />
    </FormDialog>
  )
}

function useWebhookForm(
  webhook: Webhook | undefined,
  onMade: (made: NewWebhook) => void,
  onClose: () => void,
) {
  const queries = useQueryClient()
  const { name = '', url = '', events = ['alert.fired', 'alert.resolved'], form = 'incipit' } = webhook ?? {}
  return useForm<Values>({
    values: { name, url, events, form, ...NO_AUTHORIZATION },
    check: (values) => ({
      name: values.name.trim() === '' ? 'A name is needed' : undefined,
      url: URL.canParse(values.url.trim()) ? undefined : 'An address such as https://example.org/incipit',
    }),
    send: async (values) => {
      const body = {
        name: values.name.trim(),
        url: values.url.trim(),
        events: WEBHOOK_EVENTS.filter((event) => values.events.includes(event)),
        form: WEBHOOK_FORMS.find((each) => each === values.form) ?? 'incipit',
        ...authorizationBody(values),
      }
      if (webhook === undefined) onMade(await call('POST /api/webhooks', { body }))
      else {
        const { id, etag } = webhook
        await call('PATCH /api/webhooks/{id}', { params: { id }, ifMatch: etag, body })
        showToast({ message: `“${body.name}” is saved.` })
        onClose()
      }
      await queries.invalidateQueries({ queryKey: WEBHOOKS })
    },
  })
}

'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import { SLUG_LENGTH } from '#lib/slug.ts'
import { ConfigurationConflict } from './configuration-conflict.tsx'
import { AnswerFields, FallbackField, LimitFields, PriceFields } from './configuration-parts.tsx'
import { ProviderFields } from './provider-fields.tsx'
import type { ConfigurationEdits } from './use-configuration-edits.ts'
import { useConfigurationForm } from './use-configuration-form.ts'

interface ConfigurationDialogProps {
  /** The one to edit; without it a new one is made. */
  configuration: AIConfiguration | undefined
  all: readonly AIConfiguration[]
  catalogue: Catalogue
  edits: ConfigurationEdits
  onClose: () => void
  onTest: (configuration: AIConfiguration) => void
}

/** Asks for everything about a configuration; rarely needed fields are folded away. */
export function ConfigurationDialog(props: ConfigurationDialogProps) {
  const { configuration, all, catalogue, edits, onClose, onTest } = props
  const form = useConfigurationForm({
    configuration,
    catalogue,
    onSaved(saved, isNew) {
      void edits.keep(saved)
      onClose()
      showToast({
        message: `“${saved.name}” ${isNew ? 'created' : 'changed'}.`,
        action: { label: 'Test it', run: () => onTest(saved) },
      })
    },
  })
  return (
    <FormDialog
      title={configuration ? `Edit ${configuration.name}` : 'New AI configuration'}
      form={form}
      action={configuration ? 'Save' : 'Create'}
      isRoomy
      isDisabled={form.theirs !== undefined}
      onClose={onClose}
    >
      <TextField
        form={form}
        field="name"
        label="Name"
        maxLength={SLUG_LENGTH}
        ref={focusAtOnce}
        className="font-mono"
        hint={
          configuration
            ? 'Those who name the old one no longer find it.'
            : 'By which it is asked for: writer, cheap, local …'
        }
      />
      <ProviderFields form={form} catalogue={catalogue} />
      <AnswerFields form={form} />
      <PriceFields form={form} />
      <LimitFields form={form} />
      <FallbackField form={form} all={all} />
      <Switch isOn={form.values.active} onChange={(active) => form.set({ active })}>
        Active
      </Switch>
      <ConfigurationConflict form={form} />
    </FormDialog>
  )
}

'use client'

import { type SubmitEvent, useId, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { AIConfiguration, Catalogue } from '#lib/ai/schema.ts'
import { ConfigurationConflict } from './configuration-conflict.tsx'
import { AnswerFields, FallbackField, LimitFields, PriceFields } from './configuration-parts.tsx'
import { FormText } from './form-field.tsx'
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

/** Asks for everything about a configuration; what most do not need is folded away. */
export function ConfigurationDialog(props: ConfigurationDialogProps) {
  const { configuration, all, catalogue, edits, onClose, onTest } = props
  const id = useId()
  const frame = useRef<HTMLFormElement>(null)
  const form = useConfigurationForm({
    configuration,
    catalogue,
    onSaved(saved, isNew) {
      void edits.refresh()
      onClose()
      showToast({
        message: `“${saved.name}” ${isNew ? 'created' : 'changed'}.`,
        action: { label: 'Test it', run: () => onTest(saved) },
      })
    },
  })
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const wrong = await form.submit()
    if (wrong === undefined) return
    const field = frame.current?.querySelector<HTMLElement>(`[id="${id}-${wrong}"]`)
    const folded = field?.closest('details')
    if (folded) folded.open = true
    field?.focus()
  }
  return (
    <Dialog
      title={configuration ? `Edit ${configuration.name}` : 'New AI configuration'}
      isRoomy
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <form ref={frame} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
        <FormText
          form={form}
          id={id}
          field="name"
          label="Name"
          maxLength={64}
          ref={focusAtOnce}
          className="font-mono"
          hint={
            configuration
              ? 'Those who name the old one no longer find it.'
              : 'By which it is asked for: writer, cheap, local …'
          }
        />
        <ProviderFields form={form} id={id} catalogue={catalogue} />
        <AnswerFields form={form} id={id} />
        <PriceFields form={form} id={id} />
        <LimitFields form={form} id={id} />
        <FallbackField form={form} id={id} all={all} />
        <Switch isOn={form.values.active} onChange={(active) => form.set({ active })}>
          Active
        </Switch>
        <ConfigurationConflict form={form} />
        {form.failure && (
          <p role="alert" className="text-rubric text-sm">
            {form.failure}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit" isDisabled={form.theirs !== undefined}>
            {configuration ? 'Save' : 'Create'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { EXAMPLE_NAME_LENGTH } from '#lib/prompts/rules.ts'

/** Asks for the name of saved inputs. */
export function ExampleName({
  purpose,
  initial,
  taken,
  onSubmit,
  onCancel,
}: {
  purpose: 'new' | 'rename' | undefined
  initial: string
  taken: readonly string[]
  onSubmit: (name: string) => void
  onCancel: () => void
}) {
  const form = useForm({
    id: 'example',
    values: { name: initial },
    check: ({ name }) => ({
      name: taken.includes(name.trim())
        ? 'Other inputs of this prompt have this name; choose another'
        : undefined,
    }),
    isLive: true,
    send: ({ name }) => onSubmit(name.trim()),
  })
  return (
    <FormDialog
      title={purpose === 'rename' ? 'Rename saved inputs' : 'Save inputs'}
      form={form}
      action="Save"
      isOpen={purpose !== undefined}
      isDisabled={form.values.name.trim() === '' || form.faults.name !== undefined}
      onClose={onCancel}
    >
      <TextField
        form={form}
        field="name"
        label="Name"
        hint="Everybody who works on this prompt can load them; agents see them as completions."
        maxLength={EXAMPLE_NAME_LENGTH}
        spellCheck
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}

'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { isPromptName, PROMPT_NAME_RULE } from '#lib/liquid/name-rules.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { usePatchPrompt } from '../use-patch-prompt.ts'

/** Asks for a prompt's new name. */
export function RenameDialog({ prompt, onClose }: { prompt: PromptSummary; onClose: () => void }) {
  const { patch } = usePatchPrompt(prompt)
  const form = useForm({
    values: { name: prompt.name },
    check: ({ name }) => ({
      name: isPromptName(name) ? undefined : `A name is made of ${PROMPT_NAME_RULE}.`,
    }),
    send: async ({ name }) => {
      const done = `“${prompt.name}” is now “${name}”.`
      const undo = { name: prompt.name, aliases: prompt.aliases }
      if (name !== prompt.name) await patch({ name }, { done, undo, isForm: true })
      onClose()
    },
  })
  return (
    <FormDialog title="Rename" form={form} action="Rename" onClose={onClose}>
      <TextField
        form={form}
        field="name"
        label="Name"
        hint="The old name stays as an alias: agents that use it go on working."
        ref={focusAtOnce}
        onFocus={(event) => event.target.select()}
      />
    </FormDialog>
  )
}

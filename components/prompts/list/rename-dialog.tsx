'use client'

import { type SubmitEvent, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { TextInput } from '#components/ui/text-area.tsx'
import { isPromptName, PROMPT_NAME_RULE } from '#lib/liquid/name-rules.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { usePatchPrompt } from '../use-patch-prompt.ts'

/** Asks for a prompt's new name. */
export function RenameDialog({ prompt, onClose }: { prompt: PromptSummary; onClose: () => void }) {
  const id = useId()
  const [name, setName] = useState(prompt.name)
  const [error, setError] = useState<string>()
  const { patch, isSaving } = usePatchPrompt(prompt)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isPromptName(name)) return setError(`A name is made of ${PROMPT_NAME_RULE}.`)
    if (name === prompt.name) return onClose()
    void patch(
      { name },
      {
        done: `“${prompt.name}” is now “${name}”.`,
        undo: { name: prompt.name, aliases: prompt.aliases },
        onAnswered: (wrong) => (wrong === undefined ? onClose() : setError(wrong.name ?? wrong[''])),
      },
    )
  }
  return (
    <Dialog title="Rename" isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <Field
          id={id}
          label="Name"
          hint="The old name stays as an alias: agents that use it go on working."
          error={error}
        >
          <TextInput
            id={id}
            ref={focusAtOnce}
            autoComplete="off"
            spellCheck={false}
            value={name}
            aria-invalid={error !== undefined}
            aria-describedby={describedBy(id, true, error)}
            onChange={(event) => {
              setName(event.target.value)
              setError(undefined)
            }}
            onFocus={(event) => event.target.select()}
          />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit" isDisabled={isSaving}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'

const LONGEST = 100

/** What a dialog with one field asks for is where the focus belongs. */
const focus = (input: HTMLInputElement | null) => input?.focus()

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
  const [text, setText] = useState(initial)
  const name = text.trim()
  const error = taken.includes(name)
    ? 'Other inputs of this prompt have this name; choose another'
    : undefined
  const canSave = name !== '' && error === undefined
  return (
    <Dialog
      title={purpose === 'rename' ? 'Rename saved inputs' : 'Save inputs'}
      isOpen={purpose !== undefined}
      onOpenChange={(isOpen) => !isOpen && onCancel()}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (canSave) onSubmit(name)
        }}
      >
        <Field
          id="example-name"
          label="Name"
          hint="Everybody who works on this prompt can load them; agents see them as completions."
          error={error}
        >
          <TextInput
            id="example-name"
            ref={focus}
            autoComplete="off"
            maxLength={LONGEST}
            value={text}
            aria-invalid={error ? true : undefined}
            aria-describedby={describedBy('example-name', true, error)}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onPress={onCancel}>Cancel</Button>
          <Button look="primary" type="submit" isDisabled={!canSave}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

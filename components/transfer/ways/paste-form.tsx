'use client'

import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import type { Form } from '#components/forms/use-form.ts'
import { Button } from '#components/ui/button.tsx'
import type { BroughtFile } from '../brought/brought.ts'
import { PASTED_FORMS, type PastedEnding, pastedPath, recognize } from '../brought/pasted.ts'

export interface PastedText {
  id: number
  name: string
  text: string
  /** As it was chosen; undefined: as it is recognized. */
  ending: PastedEnding | undefined
}

let last = 0

/** An empty text to paste into, or one that holds something. */
export function pastedText(text = ''): PastedText {
  last += 1
  return { id: last, name: '', text, ending: undefined }
}

/** Texts that are pasted, each as a file of its own. */
export function PasteForm({
  texts,
  onChange,
  onBring,
}: {
  texts: readonly PastedText[]
  onChange: (texts: PastedText[]) => void
  onBring: (files: BroughtFile[]) => void
}) {
  const [isMissing, setMissing] = useState(false)
  const bring = () => {
    const filled = texts.filter(({ text }) => text.trim() !== '')
    setMissing(filled.length === 0)
    if (filled.length === 0) return document.getElementById(`pasted-${texts[0]?.id}-text`)?.focus()
    onBring(
      filled.map(({ name, text, ending }, at) => ({
        path: pastedPath({ text, name }, at + 1, ending ?? recognize(text)),
        blob: new Blob([text], { type: 'text/plain' }),
      })),
    )
  }
  const set = (id: number, change: Partial<PastedText>) =>
    onChange(texts.map((text) => (text.id === id ? { ...text, ...change } : text)))
  return (
    <form
      noValidate
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        bring()
      }}
    >
      {texts.map((text, at) => (
        <PastedFields
          key={text.id}
          value={text}
          number={texts.length > 1 ? at + 1 : undefined}
          fault={isMissing && at === 0 ? 'Paste a text first.' : undefined}
          onChange={(change) => set(text.id, change)}
          onRemove={texts.length > 1 ? () => onChange(texts.filter(({ id }) => id !== text.id)) : undefined}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit">
          Look at {texts.length > 1 ? 'them' : 'it'}
        </Button>
        <Button look="outline" onPress={() => onChange([...texts, pastedText()])}>
          <Plus aria-hidden="true" />
          Another text
        </Button>
      </div>
    </form>
  )
}

function PastedFields({
  value,
  number,
  fault,
  onChange,
  onRemove,
}: {
  value: PastedText
  /** Its number, where there are several. */
  number: number | undefined
  fault: string | undefined
  onChange: (change: Partial<PastedText>) => void
  onRemove: (() => void) | undefined
}) {
  const { id, name, text, ending } = value
  const recognized = recognize(text)
  const form = {
    id: `pasted-${id}`,
    values: { name, text, ending: ending ?? recognized },
    faults: text.trim() === '' && fault !== undefined ? { text: fault } : {},
    set: onChange as Form<{ name: string; text: string; ending: string }>['set'],
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 rounded-lg border border-line p-4 [&_textarea]:min-h-40">
      <legend className="sr-only">{number === undefined ? 'The text' : `Text ${number}`}</legend>
      <TextField form={form} field="text" label={number === undefined ? 'Text' : `Text ${number}`} rows={8} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          form={form}
          field="name"
          label="Name"
          hint="Where the text does not name itself"
          maxLength={64}
        />
        <SelectField
          form={form}
          field="ending"
          label="What it is"
          hint={ending === undefined ? 'As recognized; choose another where that is wrong' : 'As chosen'}
          choices={PASTED_FORMS.map((each) => ({ id: each.ending, label: each.name }))}
        />
      </div>
      {onRemove && (
        <Button look="quiet" className="self-start" aria-label={`Remove text ${number}`} onPress={onRemove}>
          <X aria-hidden="true" />
          Remove
        </Button>
      )}
    </fieldset>
  )
}

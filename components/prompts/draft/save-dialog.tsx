'use client'

import { type FormEvent, useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { TextArea } from '#components/ui/text-area.tsx'
import { MESSAGE_LENGTH } from '#lib/prompts/rules.ts'
import type { LabelState } from '#lib/prompts/schema.ts'
import type { Draft } from './draft.ts'
import { MovedLabels, useMovedLabels } from './moved-labels.tsx'

export interface SaveDialogProps {
  /** The number that the new version is going to have. */
  version: number
  /** The parts that it changes, in words. */
  parts: readonly string[]
  labels: readonly Pick<LabelState, 'label' | 'version'>[]
  /** What is saved, of which prompt: whoever uses a label that moves may be refused by it. Left out: nobody uses it yet. */
  saved?: { name: string; draft: Draft }
  isSaving: boolean
  /** The failure of the last attempt. */
  failure: string | undefined
  /** It was refused because a label keeps its contract, which can be meant. */
  wouldBreak?: boolean
  message: string
  onMessage: (message: string) => void
  onSave: (labels: string[], accepts?: boolean) => void
  onClose: () => void
}

/** Asks for a message and for the labels that move along; then the version is made. */
export function SaveDialog(props: SaveDialogProps) {
  const { version, parts, labels, isSaving, failure, message, onMessage, onSave, onClose } = props
  const moves = useMovedLabels(props)
  const { accepts, setAccepts } = moves
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (!isSaving && !moves.isHeld) onSave([...moves.moved], accepts || moves.isAccepted)
  }
  return (
    <Dialog
      title={version === 1 ? 'Save the prompt' : `Save version ${version}`}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <div
        role="presentation"
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || (event.key !== 's' && event.key !== 'Enter')) return
          event.preventDefault()
          submit()
        }}
      >
        <form onSubmit={submit} autoComplete="off" className="flex flex-col gap-5">
          {parts.length > 0 && <p className="text-ink-soft text-sm">Changes: {parts.join(', ')}.</p>}
          <Field id="save-message" label="Message" hint="What changed, and why. It stays with the version.">
            <TextArea
              id="save-message"
              ref={field}
              value={message}
              maxLength={MESSAGE_LENGTH}
              aria-describedby="save-message-hint"
              onChange={(event) => onMessage(event.target.value)}
            />
          </Field>
          <MovedLabels version={version} labels={labels} moves={moves} />
          <Refusal
            failure={failure}
            isAsked={props.wouldBreak === true || accepts}
            accepts={accepts}
            onAccept={setAccepts}
          />
          <div className="flex justify-end gap-2">
            <Button look="quiet" onPress={onClose}>
              Cancel
            </Button>
            <Button look="primary" type="submit" isDisabled={isSaving || moves.isHeld}>
              {isSaving ? 'Saving …' : 'Save'}
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  )
}

/** Why it was not saved, and whether the labels move although they keep their contract. */
function Refusal({
  failure,
  isAsked,
  accepts,
  onAccept,
}: {
  failure: string | undefined
  isAsked: boolean
  accepts: boolean
  onAccept: (accepts: boolean) => void
}) {
  return (
    <>
      {failure && (
        <p role="alert" className="text-rubric text-sm">
          {failure}
        </p>
      )}
      {isAsked && (
        <label className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={accepts}
            onChange={({ target }) => onAccept(target.checked)}
            className="size-4 accent-(--fill)"
          />
          Move the labels all the same
        </label>
      )}
    </>
  )
}

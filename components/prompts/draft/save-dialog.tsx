'use client'

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { TextArea } from '#components/ui/text-area.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import { MESSAGE_LENGTH } from '#lib/prompts/rules.ts'
import type { LabelState } from '#lib/prompts/schema.ts'

export interface SaveDialogProps {
  /** The number that the new version is going to have. */
  version: number
  /** The parts that it changes, in words. */
  parts: readonly string[]
  labels: readonly Pick<LabelState, 'label' | 'version'>[]
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
  const { moved, move, accepts, setAccepts } = useMovedLabels(version)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (!isSaving) onSave([...moved], accepts)
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
          <LabelBoxes version={version} labels={labels} moved={moved} onMove={move} />
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
            <Button look="primary" type="submit" isDisabled={isSaving}>
              {isSaving ? 'Saving …' : 'Save'}
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  )
}

/** The labels that move to the new version, and whether they do although they keep their contract. */
function useMovedLabels(version: number) {
  const [accepts, setAccepts] = useState(false)
  // A first version has no callers yet, so it may be released at once; later ones are reviewed before.
  const release = useReasonAgainst('prompts:release')
  const [moved, setMoved] = useState<ReadonlySet<string>>(
    () => new Set(version === 1 && release === undefined ? [PRODUCTION] : []),
  )
  const move = (next: ReadonlySet<string>) => {
    setMoved(next)
    // What was agreed to was the move of other labels.
    setAccepts(false)
  }
  return { moved, move, accepts, setAccepts }
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

/** Labels that most prompts have sooner or later are offered from the beginning. */
const USUAL = [PRODUCTION, 'staging']

function LabelBoxes({
  version,
  labels,
  moved,
  onMove,
}: Pick<SaveDialogProps, 'version' | 'labels'> & {
  moved: ReadonlySet<string>
  onMove: (moved: ReadonlySet<string>) => void
}) {
  const release = useReasonAgainst('prompts:release')
  const names = [...new Set([...USUAL, ...labels.map(({ label }) => label)])]
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">
        {version === 1 ? 'Labels of the first version' : 'Labels that move to it'}
      </legend>
      {names.map((label) => {
        const now = labels.find((each) => each.label === label)?.version
        return (
          <label key={label} className="flex min-h-8 items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={moved.has(label)}
              disabled={label === PRODUCTION && release !== undefined}
              onChange={(event) => {
                const next = new Set(moved)
                if (event.target.checked) next.add(label)
                else next.delete(label)
                onMove(next)
              }}
              className="size-4 accent-(--fill)"
            />
            {label}
            {version > 1 && (
              <span className="text-ink-faint text-xs">
                {now === undefined ? 'names no version yet' : `names version ${now}`}
              </span>
            )}
          </label>
        )
      })}
      <p className="mt-1 text-ink-soft text-xs">{consequence(moved, labels)}</p>
      {release && (
        <p className="mt-1 text-ink-soft text-xs">
          {PRODUCTION} is protected. {release}
        </p>
      )}
    </fieldset>
  )
}

/** The version that agents get afterwards. */
function consequence(moved: ReadonlySet<string>, labels: SaveDialogProps['labels']): string {
  if (moved.has(PRODUCTION)) return 'Agents get it as soon as it is saved.'
  const now = labels.find(({ label }) => label === PRODUCTION)?.version
  return now === undefined
    ? 'Agents get nothing until production names a version.'
    : `Agents go on getting version ${now}.`
}

'use client'

import { type SubmitEvent, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { counted } from '#components/ui/format.ts'
import { TextInput } from '#components/ui/text-area.tsx'
import { TAG_RULE } from '#lib/liquid/name-rules.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { TagFacts } from '../facts.ts'
import { readTagNames } from './tag-names.ts'
import { type ListActions, namesOf } from './use-list-actions.ts'

const SUGGESTED = 12

/** Adds tags to prompts and takes some away. A pressed tag is one that all of them will have. */
export function TagsDialog({
  prompts,
  known,
  actions,
}: {
  prompts: readonly PromptSummary[]
  known: readonly TagFacts[]
  actions: ListActions
}) {
  const id = useId()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map())
  const held = countTags(prompts)
  const offered = [
    ...new Set([...held.keys(), ...wanted.keys(), ...known.slice(0, SUGGESTED).map(({ tag }) => tag)]),
  ]
  const isOn = (tag: string) => wanted.get(tag) ?? held.get(tag) === prompts.length
  const set = (tag: string, on: boolean) => setWanted((before) => new Map(before).set(tag, on))

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const typed = readTagNames(text)
    if (typed.wrong.length > 0)
      return setError(`“${typed.wrong[0]}” cannot be a tag: a tag is made of ${TAG_RULE}.`)
    const next = new Map([...wanted, ...typed.tags.map((tag) => [tag, true] as const)])
    const add = [...next].filter(([tag, on]) => on && held.get(tag) !== prompts.length).map(([tag]) => tag)
    const remove = [...next].filter(([tag, on]) => !on && held.has(tag)).map(([tag]) => tag)
    if (add.length + remove.length === 0) return actions.close()
    actions.changeTags(namesOf(prompts), add, remove)
  }
  const what =
    prompts.length === 1 ? prompts[0]?.title || prompts[0]?.name : counted(prompts.length, 'prompt')
  return (
    <Dialog title="Tags" isOpen onOpenChange={(isOpen) => !isOpen && actions.close()}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <p className="-mb-2 text-ink-soft text-sm">{what}</p>
        <Field id={`${id}-new`} label="New tags" hint="Several with commas between them." error={error}>
          <TextInput
            id={`${id}-new`}
            ref={focusAtOnce}
            autoComplete="off"
            value={text}
            aria-invalid={error !== undefined}
            aria-describedby={describedBy(`${id}-new`, true, error)}
            onChange={(event) => {
              setText(event.target.value)
              setError(undefined)
            }}
          />
        </Field>
        {offered.length > 0 && (
          <fieldset>
            <legend className="mb-2 font-medium text-sm">Tags that are there</legend>
            <div className="flex flex-wrap gap-1.5">
              {offered.map((tag) => (
                <TagToggle
                  key={tag}
                  tag={tag}
                  isOn={isOn(tag)}
                  isPartly={!wanted.has(tag) && held.has(tag) && held.get(tag) !== prompts.length}
                  onChange={(on) => set(tag, on)}
                />
              ))}
            </div>
          </fieldset>
        )}
        <div className="flex justify-end gap-2">
          <Button onPress={actions.close}>Cancel</Button>
          <Button look="primary" type="submit">
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function TagToggle({
  tag,
  isOn,
  isPartly,
  onChange,
}: {
  tag: string
  isOn: boolean
  isPartly: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      aria-pressed={isPartly ? 'mixed' : isOn}
      onClick={() => onChange(!isOn)}
      className={classNames(
        'inline-flex min-h-7 max-w-full items-center rounded-full border px-2.5 text-xs',
        isOn
          ? 'border-transparent bg-fill text-on-fill'
          : 'text-ink-soft hover:border-line-strong hover:text-ink',
        !isOn && (isPartly ? 'border-ink-faint border-dashed' : 'border-line'),
      )}
    >
      <span className="truncate">{tag}</span>
    </button>
  )
}

/** How many of the prompts have each tag. */
function countTags(prompts: readonly PromptSummary[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { tags } of prompts) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return counts
}

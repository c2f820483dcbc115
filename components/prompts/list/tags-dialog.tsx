'use client'

import { useState } from 'react'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { classNames } from '#components/ui/class-names.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { counted } from '#components/ui/format.ts'
import { TAG_RULE } from '#lib/liquid/name-rules.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { readTagNames, type TagFacts } from '../categories-and-tags.tsx'
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
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map())
  const held = countTags(prompts)
  const offered = [
    ...new Set([...held.keys(), ...wanted.keys(), ...known.slice(0, SUGGESTED).map(({ tag }) => tag)]),
  ]
  const isOn = (tag: string) => wanted.get(tag) ?? held.get(tag) === prompts.length
  const form = useForm({
    values: { text: '' },
    check: ({ text }) => {
      const [wrong] = readTagNames(text).wrong
      return { text: wrong && `“${wrong}” cannot be a tag: a tag is made of ${TAG_RULE}.` }
    },
    send: ({ text }) => {
      const next = new Map([...wanted, ...readTagNames(text).tags.map((tag) => [tag, true] as const)])
      const add = [...next].filter(([tag, on]) => on && held.get(tag) !== prompts.length).map(([tag]) => tag)
      const remove = [...next].filter(([tag, on]) => !on && held.has(tag)).map(([tag]) => tag)
      if (add.length + remove.length === 0) actions.close()
      else actions.changeTags(namesOf(prompts), add, remove)
    },
  })
  const what =
    prompts.length === 1 ? prompts[0]?.title || prompts[0]?.name : counted(prompts.length, 'prompt')
  return (
    <FormDialog title="Tags" form={form} action="Apply" onClose={actions.close}>
      <p className="-mb-2 text-ink-soft text-sm">{what}</p>
      <TextField
        form={form}
        field="text"
        label="New tags"
        hint="Several with commas between them."
        spellCheck
        ref={focusAtOnce}
      />
      <TagToggles
        tags={offered}
        isOn={isOn}
        isPartly={(tag) => !wanted.has(tag) && held.has(tag) && held.get(tag) !== prompts.length}
        onChange={(tag, on) => setWanted((before) => new Map(before).set(tag, on))}
      />
    </FormDialog>
  )
}

function TagToggles({
  tags,
  isOn,
  isPartly,
  onChange,
}: {
  tags: readonly string[]
  isOn: (tag: string) => boolean
  isPartly: (tag: string) => boolean
  onChange: (tag: string, on: boolean) => void
}) {
  if (tags.length === 0) return null
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">Tags that are there</legend>
      <div className="flex flex-wrap gap-1.5">
        {tags.map((tag) => (
          <TagToggle
            key={tag}
            tag={tag}
            isOn={isOn(tag)}
            isPartly={isPartly(tag)}
            onChange={(on) => onChange(tag, on)}
          />
        ))}
      </div>
    </fieldset>
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

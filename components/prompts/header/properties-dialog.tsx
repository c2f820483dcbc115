'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { isPromptName, PROMPT_NAME_RULE, TAG_RULE } from '#lib/liquid/name-rules.ts'
import type { PatchPromptInput } from '#lib/prompts/schema.ts'
import type { CategoryFacts } from '../facts.ts'
import { readTagNames } from '../list/tag-names.ts'
import type { PatchablePrompt } from '../use-patch-prompt.ts'
import type { OnPatch } from './prompt-actions.tsx'

const NO_CATEGORY = ''

interface Props {
  prompt: PatchablePrompt
  categories: readonly CategoryFacts[]
  onPatch: OnPatch
  onClose: () => void
}

/** Name, category, tags and aliases: they change in place and make no version. */
export function PropertiesDialog({ prompt, categories, onPatch, onClose }: Props) {
  const [name, setName] = useState(prompt.name)
  const [category, setCategory] = useState(prompt.category)
  const [tags, setTags] = useState(prompt.tags.join(', '))
  const [aliases, setAliases] = useState(prompt.aliases.join(', '))
  const [refused, setRefused] = useState<Record<string, string>>({})
  const [isSaving, setSaving] = useState(false)
  const typedTags = readTagNames(tags)
  const faults: Record<string, string | undefined> = { ...refused, ...faultsOf(name, typedTags, aliases) }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (Object.keys(faultsOf(name, typedTags, aliases)).length > 0) return
    const wanted = { name, category, tags: [...new Set(typedTags.tags)], aliases: listOf(aliases) }
    const [change, undo] = changed(prompt, wanted)
    if (Object.keys(change).length === 0) return onClose()
    setSaving(true)
    onPatch(change, {
      done: 'Properties changed',
      undo,
      onAnswered: (wrong) => {
        if (wrong === undefined) return onClose()
        setSaving(false)
        setRefused(wrong)
      },
    })
  }
  /** What was refused may be right again once something is typed. */
  const typing = (set: (text: string) => void) => (text: string) => {
    setRefused({})
    set(text)
  }
  return (
    <Dialog title="Properties" isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <form onSubmit={submit} autoComplete="off" className="flex flex-col gap-5">
        <p className="text-ink-soft text-sm">These change at once and make no new version.</p>
        <TextField
          id="property-name"
          label="Name"
          hint="The old name stays as an alias, so that nobody who uses it breaks."
          error={faults.name}
          value={name}
          onChange={typing(setName)}
          isMono
        />
        <Field id="property-category" label="Category" error={faults.category}>
          <Select
            id="property-category"
            aria-labelledby="property-category-label"
            value={category ?? NO_CATEGORY}
            onChange={(slug) => setCategory(slug === NO_CATEGORY ? null : slug)}
            choices={[
              { id: NO_CATEGORY, label: 'None' },
              ...categories.map(({ slug, name: label }) => ({ id: slug, label })),
            ]}
          />
        </Field>
        <TextField
          id="property-tags"
          label="Tags"
          hint="With commas between them."
          error={faults.tags}
          value={tags}
          onChange={typing(setTags)}
        />
        <TextField
          id="property-aliases"
          label="Aliases"
          hint="Other names that answer for this prompt, with commas between them."
          error={faults.aliases}
          value={aliases}
          onChange={typing(setAliases)}
          isMono
        />
        {faults[''] && (
          <p role="alert" className="text-rubric text-sm">
            {faults['']}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button look="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" isDisabled={isSaving}>
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** What can be seen to be wrong without asking the server. */
function faultsOf(name: string, tags: { wrong: string[] }, aliases: string): Record<string, string> {
  const wrongAlias = listOf(aliases).find((alias) => !isPromptName(alias))
  return {
    ...(!isPromptName(name) && { name: `A name is made of ${PROMPT_NAME_RULE}.` }),
    ...(tags.wrong[0] !== undefined && {
      tags: `“${tags.wrong[0]}” cannot be a tag: a tag is made of ${TAG_RULE}.`,
    }),
    ...(wrongAlias !== undefined && {
      aliases: `“${wrongAlias}” is no name: a name is made of ${PROMPT_NAME_RULE}.`,
    }),
  }
}

function TextField(props: {
  id: string
  label: string
  hint: string
  error: string | undefined
  value: string
  onChange: (value: string) => void
  isMono?: boolean
}) {
  const { id, label, hint, error, value, onChange, isMono } = props
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <TextInput
        id={id}
        value={value}
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        className={isMono ? 'font-mono' : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}

function listOf(text: string): string[] {
  return [...new Set(text.split(',').map((each) => each.trim()))].filter(Boolean)
}

/** What differs, and what takes it back. A rename is taken back by the old name, which frees the new one. */
function changed(
  { name, category, tags, aliases }: PatchablePrompt,
  wanted: Required<Pick<PatchPromptInput, 'name' | 'category' | 'tags' | 'aliases'>>,
): [PatchPromptInput, PatchPromptInput] {
  const isSame = (left: readonly string[], right: readonly string[]) =>
    left.toSorted().join() === right.toSorted().join()
  const renamed = wanted.name !== name
  const same = { tags: isSame(tags, wanted.tags), aliases: isSame(aliases, wanted.aliases) }
  return [
    {
      ...(renamed && { name: wanted.name }),
      ...(wanted.category !== category && { category: wanted.category }),
      ...(!same.tags && { tags: wanted.tags }),
      // All aliases there shall be are named, the old name with them, as the server would keep it.
      ...(!same.aliases && { aliases: renamed ? [...wanted.aliases, name] : wanted.aliases }),
    },
    {
      ...(renamed && { name, aliases }),
      ...(wanted.category !== category && { category }),
      ...(!same.tags && { tags }),
      ...(!same.aliases && { aliases }),
    },
  ]
}

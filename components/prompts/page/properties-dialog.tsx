'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { LabelledSelect } from '#components/ui/overlays/labelled-select.tsx'
import { isPromptName, PROMPT_NAME_RULE, TAG_RULE } from '#lib/liquid/name-rules.ts'
import type { PatchPromptInput } from '#lib/prompts/schema.ts'
import { type CategoryFacts, readTagNames } from '../categories-and-tags.tsx'
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
  const form = useForm({
    values: {
      name: prompt.name,
      category: prompt.category,
      tags: prompt.tags.join(', '),
      aliases: prompt.aliases.join(', '),
    },
    check: faultsOf,
    isLive: true,
    send: async ({ name, category, tags, aliases }) => {
      const wanted = { name, category, tags: [...new Set(readTagNames(tags).tags)], aliases: listOf(aliases) }
      const [change, undo] = changed(prompt, wanted)
      if (Object.keys(change).length > 0)
        await onPatch(change, { done: 'Properties changed', undo, isForm: true })
      onClose()
    },
  })
  const { id, values, faults, set } = form
  return (
    <FormDialog title="Properties" form={form} action="Apply" cancelLook="quiet" onClose={onClose}>
      <p className="text-ink-soft text-sm">These change at once and make no new version.</p>
      <TextField
        form={form}
        field="name"
        label="Name"
        hint="The old name stays as an alias, so that nobody who uses it breaks."
        className="font-mono"
      />
      <LabelledSelect
        id={`${id}-category`}
        label="Category"
        error={faults.category}
        value={values.category ?? NO_CATEGORY}
        onChange={(slug) => set({ category: slug === NO_CATEGORY ? null : slug })}
        choices={[
          { id: NO_CATEGORY, label: 'None' },
          ...categories.map(({ slug, name: label }) => ({ id: slug, label })),
        ]}
      />
      <TextField form={form} field="tags" label="Tags" hint="With commas between them." />
      <TextField
        form={form}
        field="aliases"
        label="Aliases"
        hint="Other names that answer for this prompt, with commas between them."
        className="font-mono"
      />
    </FormDialog>
  )
}

/** The faults that are visible without the server. */
function faultsOf({ name, tags, aliases }: { name: string; tags: string; aliases: string }) {
  const [wrongTag] = readTagNames(tags).wrong
  const wrongAlias = listOf(aliases).find((alias) => !isPromptName(alias))
  return {
    name: isPromptName(name) ? undefined : `A name is made of ${PROMPT_NAME_RULE}.`,
    tags: wrongTag && `“${wrongTag}” cannot be a tag: a tag is made of ${TAG_RULE}.`,
    aliases: wrongAlias && `“${wrongAlias}” is no name: a name is made of ${PROMPT_NAME_RULE}.`,
  }
}

function listOf(text: string): string[] {
  return [...new Set(text.split(',').map((each) => each.trim()))].filter(Boolean)
}

/** The change, and the change that undoes it. The old name undoes a rename, and frees the new name. */
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
      // The patch names all aliases that stay, the old name among them, as the server would keep it.
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

'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { counted } from '#components/ui/format.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import type { Category } from '#lib/categories/schema.ts'
import type { CategoryEdits } from './use-category-edits.ts'

interface MergeDialogProps {
  category: Category
  /** Somebody wanted to delete it, which it is too full for. */
  isInsteadOfDelete: boolean
  categories: readonly Category[]
  edits: CategoryEdits
  onClose: () => void
}

/** Asks which category takes the prompts of one, and tells the outcome. */
export function MergeDialog({ category, isInsteadOfDelete, categories, edits, onClose }: MergeDialogProps) {
  const others = categories.filter(({ slug }) => slug !== category.slug)
  const find = (slug: string | null) => others.find((each) => each.slug === slug)
  const form = useForm<{ into: string | null }>({
    values: { into: null },
    send: (values) => {
      const chosen = find(values.into)
      if (!chosen) return
      onClose()
      void edits.merge(category, chosen)
    },
  })
  const { id, values, set } = form
  const into = find(values.into)
  const { name, prompt_count: prompts } = category
  const full = `“${name}” holds ${counted(prompts, 'prompt')}. Only an empty category can be deleted.`
  return (
    <FormDialog
      title={isInsteadOfDelete ? 'Not empty' : 'Merge category'}
      form={form}
      action="Merge"
      isDisabled={!into}
      onClose={onClose}
    >
      {isInsteadOfDelete && (
        <p className="text-ink-soft">
          {full}
          {others.length > 0 && ' Merge it into another one instead.'}
        </p>
      )}
      {others.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <span id={`${id}-into`} className="font-medium text-sm">
            Merge “{name}” into
          </span>
          <Select
            aria-labelledby={`${id}-into`}
            placeholder="Choose a category"
            choices={others.map((each) => ({ id: each.slug, label: each.name }))}
            value={values.into}
            onChange={(slug) => set({ into: slug })}
          />
        </div>
      )}
      <output className="min-h-10 text-ink-soft text-sm">{into && outcomeOf(category, into)}</output>
    </FormDialog>
  )
}

function outcomeOf({ name, prompt_count: prompts }: Category, into: Category): string {
  const moved = prompts === 0 ? 'No prompt in use' : counted(prompts, 'prompt')
  const verb = prompts > 1 ? 'move' : 'moves'
  return `${moved} ${verb} to ${into.name}, archived ones besides, and “${name}” is deleted.`
}

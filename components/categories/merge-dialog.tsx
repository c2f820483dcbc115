'use client'

import { type SubmitEvent, useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { counted } from '#components/ui/format.ts'
import { Select } from '#components/ui/select.tsx'
import type { Category } from '#lib/categories/schema.ts'
import type { useCategoryEdits } from './use-category-edits.ts'

interface MergeDialogProps {
  category: Category
  /** Somebody wanted to delete it, which it is too full for. */
  isInsteadOfDelete: boolean
  categories: readonly Category[]
  edits: ReturnType<typeof useCategoryEdits>
  onClose: () => void
}

/** Asks which category takes the prompts of one, and says what will happen. */
export function MergeDialog({ category, isInsteadOfDelete, categories, edits, onClose }: MergeDialogProps) {
  const id = useId()
  const others = categories.filter(({ slug }) => slug !== category.slug)
  const [slug, setSlug] = useState<string | null>(null)
  const into = others.find((each) => each.slug === slug)
  const { name, prompt_count: prompts } = category
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!into) return
    onClose()
    void edits.merge(category, into)
  }
  const full = `“${name}” holds ${counted(prompts, 'prompt')}. Only an empty category can be deleted.`
  return (
    <Dialog
      title={isInsteadOfDelete ? 'Not empty' : 'Merge category'}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
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
              value={slug}
              onChange={setSlug}
            />
          </div>
        )}
        <output className="min-h-10 text-ink-soft text-sm">
          {into &&
            `${prompts === 0 ? 'No prompt in use moves' : `${counted(prompts, 'prompt')} ${prompts === 1 ? 'moves' : 'move'}`} to ${into.name}, archived ones besides, and “${name}” is deleted.`}
        </output>
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit" isDisabled={!into}>
            Merge
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

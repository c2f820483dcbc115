'use client'

import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { ITEM_CLASS } from '#components/ui/class-names.ts'
import { FOCUS_FIRST } from '#components/ui/focus-at-once.ts'
import { counted } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { CategoryMark } from '../category-mark.tsx'
import type { CategoryFacts } from '../facts.ts'
import { type ListActions, namesOf } from './use-list-actions.ts'

const NO_CATEGORY = { slug: 'none', name: 'No category', color: null }

/** Asks for the category that prompts move to; letters lead to a name. */
export function MoveDialog({
  prompts,
  categories,
  actions,
}: {
  prompts: readonly PromptSummary[]
  categories: readonly CategoryFacts[]
  actions: ListActions
}) {
  const what =
    prompts.length === 1 ? prompts[0]?.title || prompts[0]?.name : counted(prompts.length, 'prompt')
  const shared = sharedCategory(prompts)
  return (
    <Dialog title="Move to category" isOpen onOpenChange={(isOpen) => !isOpen && actions.close()}>
      <p className="mb-3 text-ink-soft text-sm">{what}</p>
      <ListBox
        aria-label="Category"
        {...FOCUS_FIRST}
        items={[...categories, NO_CATEGORY]}
        className="-mx-2 outline-none"
        onAction={(key) => actions.moveNames(namesOf(prompts), key === NO_CATEGORY.slug ? null : String(key))}
      >
        {({ slug, name, color }) => (
          <ListBoxItem id={slug} textValue={name} className={ITEM_CLASS}>
            <CategoryMark color={color} />
            <span className="min-w-0 flex-1 truncate">{name}</span>
            {slug === shared && <span className="text-ink-faint text-xs">now</span>}
          </ListBoxItem>
        )}
      </ListBox>
    </Dialog>
  )
}

/** The slug of the category that all of them are in. */
function sharedCategory(prompts: readonly PromptSummary[]): string | undefined {
  const [first] = prompts
  const isShared = prompts.every(({ category }) => category === first?.category)
  return first && isShared ? (first.category ?? NO_CATEGORY.slug) : undefined
}

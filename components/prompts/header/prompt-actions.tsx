'use client'

import { Archive, CopyPlus, Ellipsis, PencilLine } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import type { PatchPromptInput, Prompt } from '#lib/prompts/schema.ts'
import type { CategoryFacts } from '../facts.ts'

const PropertiesDialog = dynamic(async () => (await import('./properties-dialog.tsx')).PropertiesDialog)

/** Changes something that belongs to the prompt and not to a version. */
export type OnPatch = (change: PatchPromptInput, options: { done: string; undo?: PatchPromptInput }) => void

/** What can be done with the whole prompt. */
export function PromptActions({
  prompt,
  categories,
  onPatch,
}: {
  prompt: Prompt
  categories: readonly CategoryFacts[]
  onPatch: OnPatch
}) {
  const router = useRouter()
  const [isOpen, setOpen] = useState(false)
  const run: Record<string, () => void> = {
    duplicate: () => router.push(`/prompts/new?from=${prompt.name}`),
    archive: () =>
      onPatch({ archived: true }, { done: `Archived “${prompt.name}”`, undo: { archived: false } }),
  }
  return (
    <div className="flex gap-2 print:hidden">
      <Button look="outline" onPress={() => setOpen(true)}>
        <PencilLine aria-hidden="true" />
        Properties
      </Button>
      <Menu
        aria-label="More for this prompt"
        onAction={(key) => run[String(key)]?.()}
        trigger={
          <Button look="outline" square aria-label="More for this prompt">
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem id="duplicate" textValue="Duplicate">
          <CopyPlus aria-hidden="true" />
          Duplicate …
        </MenuItem>
        <MenuItem id="archive" textValue="Archive">
          <Archive aria-hidden="true" />
          Archive
        </MenuItem>
      </Menu>
      {isOpen && (
        <PropertiesDialog
          prompt={prompt}
          categories={categories}
          onPatch={onPatch}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  )
}

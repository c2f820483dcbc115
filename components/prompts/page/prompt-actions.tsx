'use client'

import { Archive, CopyPlus, Download, Ellipsis, FlaskConical, PencilLine } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useGuard, useReasonAgainst } from '#components/access/person.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import type { PatchPromptInput } from '#lib/prompts/schema.ts'
import type { CategoryFacts } from '../categories-and-tags.tsx'
import type { PatchablePrompt, PatchOptions } from '../use-patch-prompt.ts'

const PropertiesDialog = dialogPart(
  async () => (await import('./properties-dialog.tsx')).PropertiesDialog,
  ({ onClose }) => onClose(),
)

/** Changes something that belongs to the prompt and not to a version. */
export type OnPatch = (
  change: PatchPromptInput,
  options: Pick<PatchOptions, 'done' | 'undo' | 'isForm'>,
) => Promise<void>

/** The actions on the whole prompt. */
export function PromptActions({
  prompt,
  isSkill,
  categories,
  onPatch,
}: {
  prompt: PatchablePrompt
  /** Whether its newest version is published as a skill. */
  isSkill: boolean
  categories: readonly CategoryFacts[]
  onPatch: OnPatch
}) {
  const router = useRouter()
  const [isOpen, setOpen] = useState(false)
  const reason = useReasonAgainst('prompts:write')
  useActions([
    {
      id: 'prompt.playground',
      name: 'Open in the playground',
      group: 'This prompt',
      run: () => router.push(`/playground?prompt=${prompt.name}`),
      words: 'run generate models compare',
    },
  ])
  return (
    <div className="flex flex-wrap gap-2 print:hidden">
      {/* The unsaved draft goes along: the playground shows the same one. */}
      <Link href={`/playground?prompt=${prompt.name}`} data-keeps-draft="" className={buttonClass('outline')}>
        <FlaskConical aria-hidden="true" className="max-xs:hidden" />
        Playground
      </Link>
      <Button look="outline" reason={reason} onPress={() => setOpen(true)}>
        <PencilLine aria-hidden="true" />
        Properties
      </Button>
      <MoreMenu prompt={prompt} isSkill={isSkill} onPatch={onPatch} />
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

function MoreMenu({
  prompt: { name },
  isSkill,
  onPatch,
}: {
  prompt: PatchablePrompt
  isSkill: boolean
  onPatch: OnPatch
}) {
  const router = useRouter()
  const guard = useGuard()
  const run: Record<string, () => void> = {
    duplicate: guard('prompts:write', () => router.push(`/prompts/new?from=${name}`)),
    archive: guard(
      'prompts:write',
      () => void onPatch({ archived: true }, { done: `Archived “${name}”`, undo: { archived: false } }),
    ),
  }
  return (
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
      {isSkill && (
        <MenuItem
          id="skill"
          textValue="Download the skill"
          href={`/api/prompts/${name}/skill?label=latest`}
          download
        >
          <Download aria-hidden="true" />
          Download the skill
        </MenuItem>
      )}
      <MenuItem id="archive" textValue="Archive">
        <Archive aria-hidden="true" />
        Archive
      </MenuItem>
    </Menu>
  )
}

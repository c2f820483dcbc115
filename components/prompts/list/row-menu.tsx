'use client'

import {
  Archive,
  ArchiveRestore,
  ArrowRight,
  Copy,
  CopyPlus,
  FolderInput,
  Pencil,
  SquareCheck,
  Tags,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import { Menu as AriaMenu } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { POPOVER_CLASS } from '#components/ui/class-names.ts'
import { writeClipboard } from '#components/ui/copying/clipboard.ts'
import { FOCUS_FIRST } from '#components/ui/focus-at-once.ts'
import { Kbd } from '#components/ui/kbd.tsx'
import { MenuLine } from '#components/ui/overlays/menu-panel.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { ListActions } from './use-list-actions.ts'

/** The actions of one row, at the button that opened them. */
export function RowMenu({
  prompt,
  at,
  actions,
}: {
  prompt: PromptSummary
  at: HTMLElement
  actions: ListActions
}) {
  const router = useRouter()
  const trigger = useRef(at)
  const { name } = prompt
  const close = () => {
    actions.closeMenu()
    at.focus()
  }
  const items = itemsOf(prompt, actions, () => router.push(`/prompts/${name}`))
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom end"
      offset={4}
      onOpenChange={(isOpen) => !isOpen && close()}
      data-beside=""
      className={POPOVER_CLASS}
    >
      <AriaMenu
        aria-label={`Actions for ${prompt.title || name}`}
        {...FOCUS_FIRST}
        className="outline-none"
        onAction={(key) => {
          close()
          items.find(({ id }) => id === key)?.run()
        }}
      >
        {items.map(({ id, label, Icon, keys }) => (
          <MenuLine key={id} id={id} textValue={label}>
            <Icon aria-hidden="true" />
            <span className="flex-1 pr-6">{label}</span>
            {keys && <Kbd>{keys}</Kbd>}
          </MenuLine>
        ))}
      </AriaMenu>
    </Popover>
  )
}

/** The actions of a row; an archived prompt has fewer. */
function itemsOf(prompt: PromptSummary, actions: ListActions, onOpen: () => void) {
  const { name, archived } = prompt
  return [
    {
      id: 'open',
      label: 'Open',
      Icon: ArrowRight,
      keys: 'Enter',
      run: onOpen,
    },
    {
      id: 'select',
      label: 'Select',
      Icon: SquareCheck,
      keys: 'x',
      run: () => actions.selection.toggle(name),
    },
    { id: 'copy', label: 'Copy name', Icon: Copy, run: () => void copyName(name) },
    { id: 'rename', label: 'Rename…', Icon: Pencil, run: () => actions.open({ kind: 'rename', prompt }) },
    { id: 'duplicate', label: 'Duplicate', Icon: CopyPlus, run: () => actions.duplicate(name) },
    {
      id: 'move',
      label: 'Move to category…',
      Icon: FolderInput,
      keys: 'm',
      run: () => actions.open({ kind: 'move', prompts: [prompt] }),
    },
    {
      id: 'tags',
      label: 'Tags…',
      Icon: Tags,
      keys: 't',
      run: () => actions.open({ kind: 'tags', prompts: [prompt] }),
    },
    {
      id: 'archive',
      label: archived ? 'Restore' : 'Archive',
      Icon: archived ? ArchiveRestore : Archive,
      keys: 'e',
      run: () => actions.archive([name], !archived),
    },
  ].filter(({ id }) => !archived || !['open', 'rename', 'duplicate'].includes(id))
}

async function copyName(name: string): Promise<void> {
  const worked = await writeClipboard(name)
  if (worked) showToast({ message: `“${name}” copied.` })
  else showToast({ message: 'The browser did not allow copying.', tone: 'failure' })
}

'use client'

import { Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Input } from 'react-aria-components/Input'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { SearchField } from 'react-aria-components/SearchField'
import type { Action } from '#components/shell/action-store.ts'
import { useOfferedActions } from '#components/shell/actions.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { useMenuOfAnswer } from '#components/ui/overlays/use-menu-of-answer.ts'
import { PaletteMenu } from './palette-menu.tsx'
import { usePaletteSections } from './use-palette-sections.ts'

/** Goes to a prompt or a page, or does something that the page offers: type, choose, Enter. */
export default function Palette({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable
      className="fixed inset-0 z-50 flex justify-center bg-scrim p-3 sm:pt-[12dvh]"
    >
      <Modal className="flex max-h-[min(34rem,80dvh)] w-full max-w-xl flex-col self-start overflow-hidden rounded-xl border border-line bg-surface shadow-float">
        <Dialog aria-label="Command palette" className="flex min-h-0 flex-1 flex-col outline-none">
          <PaletteBody close={() => onOpenChange(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function PaletteBody({ close }: { close: () => void }) {
  const router = useRouter()
  const actions = useOfferedActions()
  const [text, setText] = useState('')
  const found = usePaletteSections(text, actions, (href) => router.push(href))
  const menu = useMenuOfAnswer(text, found.isSearching)
  const goTo = (name: string) => {
    close()
    router.push(`/prompts/${name}`)
  }
  const run = (action: Action) => {
    close()
    afterFocusReturned(() => action.run?.())
  }
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <PaletteField isSearching={found.isSearching} onKey={menu.onKey} />
      <PaletteMenu
        key={menu.name}
        found={found}
        beginsAtFirst={menu.name !== ''}
        onPrompt={goTo}
        onAction={run}
      />
      <output className="sr-only">{found.announcement}</output>
    </Autocomplete>
  )
}

/** A closed dialog gives the focus back in the next frame; an action may want to put it elsewhere. */
function afterFocusReturned(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run))
}

/** Where one types; the menu below follows it while the focus stays here. */
function PaletteField({ isSearching, onKey }: { isSearching: boolean; onKey: (key: string) => void }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <SearchField
      aria-label="Go to a prompt or run an action"
      className="flex h-13 shrink-0 items-center gap-3 border-line border-b px-4"
    >
      <Search
        aria-hidden="true"
        className={`size-4 shrink-0 text-ink-faint ${isSearching ? 'pulse-quietly' : ''}`}
      />
      <Input
        ref={field}
        onKeyDown={({ key }) => onKey(key)}
        placeholder="Go to a prompt or run an action…"
        maxLength={200}
        spellCheck={false}
        className="h-full min-w-0 flex-1 bg-transparent text-base text-ink outline-none! [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd className="max-sm:hidden">Esc</Kbd>
    </SearchField>
  )
}

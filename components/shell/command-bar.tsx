'use client'

import { Search } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Chords, useIsMac } from '#components/ui/kbd.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { useActions } from './actions.tsx'
import { ariaKeys, shownKeys } from './keys.ts'
import { useWorkbenchActions } from './use-workbench-actions.ts'

const PALETTE = 'mod+k'
const Palette = dialogPart(
  async () => (await import('#components/palette/palette.tsx')).default,
  ({ onOpenChange }) => onOpenChange(false),
)
const ShortcutSheet = dialogPart(
  async () => (await import('./shortcut-sheet.tsx')).default,
  ({ onOpenChange }) => onOpenChange(false),
)

type Open = 'palette' | 'sheet' | undefined

/** The way to the palette and the list of keys. Both come after the page, when nothing else is to do. */
export function CommandBar() {
  const [open, setOpen] = useState<Open>()
  const isMac = useIsMac()
  const show = (which: Open) => (isOpen: boolean) => setOpen(isOpen ? which : undefined)
  useWorkbenchActions()
  useActions([
    {
      id: 'workbench.palette',
      name: 'Go to a prompt or run an action',
      group: 'Workbench',
      keys: PALETTE,
      run: () => setOpen('palette'),
      isKeyOnly: true,
    },
    {
      id: 'workbench.keys',
      name: 'Show all keys',
      group: 'Workbench',
      keys: '?',
      run: () => setOpen('sheet'),
      words: 'keyboard shortcuts help',
    },
  ])
  return (
    <>
      <Button
        look="outline"
        aria-keyshortcuts={ariaKeys(PALETTE, isMac)}
        className="relative max-sm:w-8 max-sm:border-transparent max-sm:bg-transparent max-sm:px-0 sm:min-w-48 sm:justify-start sm:border-line sm:font-normal sm:text-ink-faint"
        onPress={() => setOpen('palette')}
      >
        <Search aria-hidden="true" />
        <span className="flex-1 text-left max-sm:sr-only">Search or run…</span>
        {/* Readers hear of the keys by `aria-keyshortcuts`. */}
        <span aria-hidden="true" className="contents max-sm:hidden">
          <Chords chords={shownKeys(PALETTE, isMac)} className="-mr-1" />
        </span>
      </Button>
      {open === 'palette' && <Palette isOpen onOpenChange={show('palette')} />}
      {open === 'sheet' && <ShortcutSheet isOpen onOpenChange={show('sheet')} />}
    </>
  )
}

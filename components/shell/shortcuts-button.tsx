'use client'

import { Keyboard } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { useShortcut } from '#components/ui/use-shortcut.ts'

const SHORTCUTS: readonly (readonly [keys: string[], what: string])[] = [
  [['/'], 'Search the prompts'],
  [['↓', '↑'], 'Walk through the list'],
  [['Enter'], 'Open the prompt'],
  [['Esc'], 'Clear the search, close what is open'],
  [['Ctrl', 'Enter'], 'In a prompt: copy the rendered text, or go to the first missing variable'],
  [['?'], 'This list'],
]

/** Shows the keys; so does `?`. */
export function ShortcutsButton() {
  const [isOpen, setOpen] = useState(false)
  useShortcut('?', () => setOpen(true))
  return (
    <>
      <Button
        look="quiet"
        square
        aria-label="Keyboard shortcuts"
        aria-keyshortcuts="?"
        className="max-sm:hidden"
        onPress={() => setOpen(true)}
      >
        <Keyboard aria-hidden="true" />
      </Button>
      <Dialog title="Keys" isOpen={isOpen} onOpenChange={setOpen}>
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5 text-sm">
          {SHORTCUTS.map(([keys, what]) => (
            <div key={what} className="col-span-2 grid grid-cols-subgrid items-center">
              <dt className="flex gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd className="text-ink-soft">{what}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  )
}

'use client'

import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'

/** Asks what becomes of text that is not saved, before its author signs out. */
export function SignOutDialog({
  unsaved,
  onLeave,
  onClose,
}: {
  /** Names of prompts; `new` is one that has none yet. */
  unsaved: readonly string[]
  onLeave: (state: { keepsDrafts: boolean }) => void
  onClose: () => void
}) {
  const named = unsaved.filter((name) => name !== 'new')
  const shown = [...named, ...(unsaved.length > named.length ? ['a new prompt'] : [])]
  return (
    <Dialog title="Sign out" isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className="flex flex-col gap-3 text-ink-soft text-sm">
        <p>
          <strong className="font-medium text-ink">
            {counted(unsaved.length, 'text')} {unsaved.length === 1 ? 'is' : 'are'} not saved
          </strong>
          : {shown.join(', ')}.
        </p>
        <p>
          Keep such text only on a machine of your own: it stays in this browser until you come back. All else
          that the browser keeps for you goes.
        </p>
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onPress={onClose}>
          Cancel
        </Button>
        <Button onPress={() => onLeave({ keepsDrafts: false })}>Discard and sign out</Button>
        <Button look="primary" onPress={() => onLeave({ keepsDrafts: true })}>
          Keep and sign out
        </Button>
      </div>
    </Dialog>
  )
}

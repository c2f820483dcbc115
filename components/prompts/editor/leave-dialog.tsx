'use client'

import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'

/** Whether to go on writing, or to leave with the draft kept or dropped. */
export function LeaveDialog(props: { onStay: () => void; onLeave: () => void; onDiscard: () => void }) {
  const { onStay, onLeave, onDiscard } = props
  return (
    <Dialog title="Leave without saving?" isOpen onOpenChange={(isOpen) => !isOpen && onStay()}>
      <p className="text-ink-soft text-sm">
        Your changes are not saved as a version. This browser keeps them as a draft and offers them when you
        come back.
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onPress={onDiscard}>
          Discard and leave
        </Button>
        <Button look="outline" onPress={onLeave}>
          Leave, keep the draft
        </Button>
        <Button look="primary" onPress={onStay}>
          Stay
        </Button>
      </div>
    </Dialog>
  )
}

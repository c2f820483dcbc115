'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'

export interface QuestionProps {
  title: string
  /** The label of the button that does it. */
  action: string
  /** What it throws is told; else the dialog closes, unless it answers false. */
  onDo: () => Promise<unknown>
  onClose: () => void
  children: ReactNode
}

/** The dialog of QuestionDialog. */
export function QuestionPanel({ title, action, onDo, onClose, children }: QuestionProps) {
  const [isDoing, setDoing] = useState(false)
  const [failure, setFailure] = useState<string>()
  const run = async () => {
    setDoing(true)
    setFailure(undefined)
    try {
      if ((await onDo()) !== false) onClose()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setDoing(false)
    }
  }
  return (
    <Dialog title={title} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className="flex flex-col gap-3 text-ink-soft">{children}</div>
      {failure && (
        <p role="alert" className="mt-3 text-rubric text-sm">
          {failure}
        </p>
      )}
      <div className="mt-6 flex justify-end gap-2">
        <Button onPress={onClose}>Cancel</Button>
        {/* Not disabled while it is done: the focus, and Escape with it, would be lost. */}
        <Button look="primary" onPress={() => !isDoing && void run()}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}

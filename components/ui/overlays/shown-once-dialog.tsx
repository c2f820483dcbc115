'use client'

import type { ReactNode } from 'react'
import { Button } from '../button.tsx'
import { Dialog } from './dialog.tsx'

/** Holds what is shown this once, until somebody says that they have it. */
export function ShownOnceDialog({
  title,
  done = 'Done',
  isRoomy,
  onClose,
  children,
}: {
  title: string
  /** What the button says. */
  done?: string
  isRoomy?: boolean
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Dialog title={title} isOpen isRoomy={isRoomy} isLasting onOpenChange={onClose}>
      {children}
      <div className="mt-6 flex justify-end">
        <Button look="primary" onPress={onClose}>
          {done}
        </Button>
      </div>
    </Dialog>
  )
}

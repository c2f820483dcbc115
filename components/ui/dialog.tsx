'use client'

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button } from './button.tsx'

/** A dialog over the page; Escape and a click beside it close it, and focus goes back. */
export function Dialog({
  title,
  isOpen,
  onOpenChange,
  children,
}: {
  title: string
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  children: ReactNode
}) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable
      className="fixed inset-0 z-50 grid place-items-center bg-scrim p-4"
    >
      <Modal className="max-h-[85dvh] w-full max-w-md overflow-auto rounded-xl border border-line bg-surface shadow-float">
        <AriaDialog className="p-5 outline-none">
          {({ close }) => (
            <>
              <div className="mb-4 flex items-center justify-between gap-4">
                <Heading slot="title" className="font-serif text-2xl">
                  {title}
                </Heading>
                <Button look="quiet" square aria-label="Close" onPress={close}>
                  <X aria-hidden="true" />
                </Button>
              </div>
              {children}
            </>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

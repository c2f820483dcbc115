'use client'

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button } from '../button.tsx'
import { classNames } from '../class-names.ts'

/** A dialog over the page; Escape and a click beside it close it, and focus goes back. */
export function Dialog({
  title,
  isOpen,
  onOpenChange,
  isWide = false,
  isRoomy = false,
  isLasting = false,
  children,
}: {
  title: string
  /** For texts to read side by side; else as wide as a short form. */
  isWide?: boolean
  /** For a long form, two fields side by side. */
  isRoomy?: boolean
  /** It holds what is shown this once: neither Escape nor a click beside it closes it. */
  isLasting?: boolean
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  children: ReactNode
}) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={!isLasting}
      isKeyboardDismissDisabled={isLasting}
      className="fixed inset-0 z-50 grid place-items-center bg-scrim p-4"
    >
      <Modal
        className={classNames(
          'max-h-[85dvh] w-full overflow-auto rounded-xl border border-line bg-surface shadow-float',
          isWide ? 'max-w-6xl' : isRoomy ? 'max-w-2xl' : 'max-w-md',
        )}
      >
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

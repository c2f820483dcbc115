'use client'

import { Minimize2 } from 'lucide-react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { PreviewText } from './preview-text.tsx'
import type { Rendered } from './template-engine.ts'

/** A result on the whole screen, to read; Escape goes back. */
export function FullScreen({
  rendered,
  isChat,
  wraps,
  onClose,
}: {
  rendered: Rendered
  isChat: boolean
  wraps: boolean
  onClose: () => void
}) {
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="fixed inset-0 z-50 bg-paper"
    >
      <Modal className="h-full">
        <Dialog className="flex h-full flex-col outline-none">
          <div className="flex items-center gap-2 border-line border-b px-4 py-3 sm:px-8">
            <Heading slot="title" className="mr-auto font-serif text-2xl">
              Preview
            </Heading>
            <CopyButton name="Copy the result" text={rendered.content} />
            <Button look="quiet" square aria-label="Leave full screen" onPress={onClose}>
              <Minimize2 aria-hidden="true" />
            </Button>
          </div>
          <ScrollRegion name="The whole result" className="flex-1 overflow-auto px-4 py-6 sm:px-8">
            <div className={wraps ? 'mx-auto max-w-4xl' : undefined}>
              <PreviewText rendered={rendered} isChat={isChat} wraps={wraps} />
            </div>
          </ScrollRegion>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

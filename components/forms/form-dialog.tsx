'use client'

import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import type { Form } from './use-form.ts'

/** A dialog with a form: its fields, the fault of the whole, and the buttons. */
export function FormDialog({
  title,
  form,
  action,
  isOpen = true,
  isRoomy = false,
  isDisabled = false,
  cancelLook,
  onClose,
  children,
}: {
  title: string
  form: Pick<Form<object>, 'submit' | 'faults'>
  /** The label of the submit button. */
  action: string
  isOpen?: boolean
  isRoomy?: boolean
  isDisabled?: boolean
  cancelLook?: 'quiet'
  onClose: () => void
  children: ReactNode
}) {
  const { submit, faults } = form
  return (
    <Dialog title={title} isRoomy={isRoomy} isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <form onSubmit={submit} noValidate autoComplete="off" className="flex flex-col gap-5">
        {children}
        {faults[''] && (
          <p role="alert" className="text-rubric text-sm">
            {faults['']}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button look={cancelLook} onPress={onClose}>
            Cancel
          </Button>
          {/* Not disabled while it is sent: the focus, and Escape with it, would be lost. */}
          <Button look="primary" type="submit" isDisabled={isDisabled}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

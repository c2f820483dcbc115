'use client'

import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Popover, type PopoverProps } from 'react-aria-components/Popover'
import { classNames, POPOVER_CLASS } from '../class-names.ts'
import type { PopupProps } from './use-popup.ts'

/** A small dialog over the page, at the button that opened it. */
export function PopoverDialog({
  popup,
  placement,
  label,
  className,
  children,
}: {
  popup: PopupProps
  placement: PopoverProps['placement']
  label: string
  className: string
  children: ReactNode
}) {
  return (
    <Popover
      triggerRef={popup.trigger}
      isOpen={popup.isOpen}
      onOpenChange={(open) => !open && popup.onClose()}
      placement={placement}
      offset={4}
      data-beside=""
      className={POPOVER_CLASS}
    >
      <Dialog aria-label={label} className={classNames('outline-none', className)}>
        {children}
      </Dialog>
    </Popover>
  )
}

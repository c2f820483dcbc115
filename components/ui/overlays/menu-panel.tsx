'use client'

import { Menu, MenuItem, type MenuItemProps, type MenuProps } from 'react-aria-components/Menu'
import { Popover, type PopoverProps } from 'react-aria-components/Popover'
import { classNames, ITEM_CLASS, POPOVER_CLASS } from '../class-names.ts'
import type { PopupProps } from './use-popup.ts'

export { MenuSection, Separator } from 'react-aria-components/Menu'

export interface MenuPanelProps extends Omit<MenuProps<object>, 'autoFocus' | 'className' | 'onClose'> {
  popup: PopupProps
  placement?: PopoverProps['placement']
}

/** A menu over the page, at the button that opened it. */
export function MenuPanel({ popup, placement = 'bottom end', ...props }: MenuPanelProps) {
  const { trigger, isOpen, firstFocus, onClose } = popup
  const focus = { autoFocus: firstFocus }
  return (
    <Popover
      aria-label={props['aria-label']}
      trigger="MenuTrigger"
      triggerRef={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      placement={placement}
      offset={4}
      data-beside=""
      className={POPOVER_CLASS}
    >
      <Menu {...props} {...focus} onClose={onClose} className="outline-none" />
    </Popover>
  )
}

export function MenuLine({ className, ...props }: Omit<MenuItemProps, 'className'> & { className?: string }) {
  return <MenuItem {...props} className={classNames(ITEM_CLASS, className)} />
}

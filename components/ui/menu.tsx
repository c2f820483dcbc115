'use client'

import type { ReactNode } from 'react'
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  type MenuItemProps,
  type MenuProps,
  MenuTrigger,
} from 'react-aria-components/Menu'
import { Popover, type PopoverProps } from 'react-aria-components/Popover'
import { classNames } from './class-names.ts'

/** The panel that menus and lists of choices open in. */
export const POPOVER_CLASS =
  'min-w-(--trigger-width) max-w-[calc(100vw-1.5rem)] rounded-lg border border-line bg-surface p-1 shadow-float outline-none'

/** One line of a menu or a list of choices. */
export const ITEM_CLASS =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded px-2 py-1 text-sm text-ink outline-none ' +
  'data-focused:bg-hover data-focus-visible:outline-2 data-focus-visible:outline-(--focus) data-focus-visible:-outline-offset-2 ' +
  'data-disabled:text-ink-faint [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint'

/** A button (`trigger`) with the menu that it opens. */
export function Menu<T extends object>({
  trigger,
  placement = 'bottom end',
  ...props
}: MenuProps<T> & { trigger: ReactNode; placement?: PopoverProps['placement'] }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement={placement} offset={4} className={POPOVER_CLASS}>
        <AriaMenu {...props} className="outline-none" />
      </Popover>
    </MenuTrigger>
  )
}

export function MenuItem({ className, ...props }: Omit<MenuItemProps, 'className'> & { className?: string }) {
  return <AriaMenuItem {...props} className={classNames(ITEM_CLASS, className)} />
}

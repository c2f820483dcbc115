'use client'

import { type RefObject, useRef, useState } from 'react'
import type { ButtonProps } from 'react-aria-components/Button'
import { showFailure } from '../toast.ts'

/** The first focus of a popup; true: the chosen item, else the popup itself. */
export type FirstFocus = 'first' | 'last' | true

/** How a popup's panel is told where it belongs and whether it is open. */
export interface PopupProps {
  trigger: RefObject<HTMLButtonElement | null>
  isOpen: boolean
  firstFocus: FirstFocus
  onClose: () => void
}

type TriggerProps = Pick<ButtonProps, 'onPress' | 'onKeyDown' | 'aria-haspopup' | 'aria-expanded'> & {
  ref: RefObject<HTMLButtonElement | null>
}

/**
 * A button that opens a panel over the page. The panel's script is most of it, and no page needs it to be
 * shown.
 * @param load a part of the page
 */
export function usePopup<Panel extends object>(
  kind: 'menu' | 'listbox' | 'dialog',
  load: () => Promise<Panel>,
): { button: TriggerProps; popup: PopupProps; panel: Panel | undefined } {
  const trigger = useRef<HTMLButtonElement>(null)
  const [panel, setPanel] = useState<Panel>()
  const [isOpen, setOpen] = useState(false)
  const [firstFocus, setFirstFocus] = useState<FirstFocus>(true)

  const open = async (first: FirstFocus) => {
    setFirstFocus(first)
    setOpen(true)
    try {
      setPanel(await load())
    } catch (error) {
      setOpen(false)
      showFailure('This cannot be opened now.', error, { key: 'part' })
    }
  }
  const byMouse = (pointer: string) => pointer === 'mouse' || pointer === 'touch' || pointer === 'pen'
  return {
    panel,
    popup: { trigger, isOpen, firstFocus, onClose: () => setOpen(false) },
    button: {
      ref: trigger,
      'aria-haspopup': kind,
      'aria-expanded': isOpen,
      onPress: ({ pointerType }) => void open(kind === 'menu' && !byMouse(pointerType) ? 'first' : true),
      onKeyDown: (event) => {
        // The panel takes Escape itself, once it is there.
        if (event.key === 'Escape' && isOpen) return setOpen(false)
        if (kind === 'dialog' || !['ArrowDown', 'ArrowUp'].includes(event.key))
          return event.continuePropagation()
        event.preventDefault()
        void open(event.key === 'ArrowDown' ? 'first' : 'last')
      },
    },
  }
}

'use client'

import { type ComponentProps, createContext, type ReactNode, use } from 'react'
import { ButtonContext } from 'react-aria-components/Button'
import { part } from '#components/ui/part.ts'
import type * as MenuParts from './menu-panel.tsx'
import { usePopup } from './use-popup.ts'

type Panel = typeof MenuParts

const loadPanel = part(() => import('./menu-panel.tsx'))
const Parts = createContext<Panel | undefined>(undefined)

/** The parts of menus; they are loaded whenever a menu is open. */
function useParts(): Panel {
  const parts = use(Parts)
  if (parts === undefined) throw new Error('There is no Menu above this component.')
  return parts
}

/** A button (`trigger`) with the menu that it opens. */
export function Menu({
  trigger,
  ...props
}: Omit<MenuParts.MenuPanelProps, 'popup'> & { 'aria-label': string; trigger: ReactNode }) {
  const { button, popup, panel } = usePopup('menu', loadPanel)
  return (
    <>
      <ButtonContext value={button}>{trigger}</ButtonContext>
      {panel && (
        <Parts value={panel}>
          <panel.MenuPanel {...props} popup={popup} />
        </Parts>
      )}
    </>
  )
}

export function MenuItem(props: ComponentProps<Panel['MenuLine']>) {
  const { MenuLine } = useParts()
  return <MenuLine {...props} />
}

export function MenuSection(props: ComponentProps<Panel['MenuSection']>) {
  const { MenuSection: Section } = useParts()
  return <Section {...props} />
}

export function MenuSeparator() {
  const { Separator } = useParts()
  return <Separator className="my-1 border-line border-t" />
}

'use client'

import { Check, Monitor, Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'

export const THEMES = [
  { id: 'light', name: 'Light', Icon: Sun },
  { id: 'dark', name: 'Dark', Icon: Moon },
  { id: 'system', name: 'System', Icon: Monitor },
] as const

const never = () => () => undefined

/** The theme that was chosen, and a way to choose another. */
export function useThemeChoice(): [string, (theme: string) => void] {
  const { theme, setTheme } = useTheme()
  // The server cannot know the choice; the first render in the browser agrees with it.
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return [inBrowser ? (theme ?? 'system') : 'system', setTheme]
}

/** Light, dark, or as the system says. */
export function ThemeMenu() {
  const [chosen, setTheme] = useThemeChoice()
  return (
    <Menu
      aria-label="Theme"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onAction={(key) => setTheme(String(key))}
      trigger={
        <Button look="quiet" square aria-label="Theme">
          <Sun aria-hidden="true" className="dark:hidden" />
          <Moon aria-hidden="true" className="hidden dark:block" />
        </Button>
      }
    >
      {THEMES.map(({ id, name, Icon }) => (
        <MenuItem key={id} id={id} textValue={name}>
          <Icon aria-hidden="true" />
          <span className="flex-1 pr-6">{name}</span>
          <Check aria-hidden="true" className={id === chosen ? '' : 'invisible'} />
        </MenuItem>
      ))}
    </Menu>
  )
}

'use client'

import { Plus, Settings2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem, MenuSection, MenuSeparator } from '#components/ui/overlays/menu.tsx'
import type { Configuration } from './use-columns.ts'

const SETTINGS = ' settings'

/** Asks one more configuration, or leads to where they are made. */
export function AddConfiguration({
  configurations,
  chosen,
  isFull,
  onAdd,
}: {
  configurations: readonly Configuration[]
  chosen: readonly string[]
  isFull: boolean
  onAdd: (name: string) => void
}) {
  const router = useRouter()
  const left = configurations.filter(({ name }) => !chosen.includes(name))
  return (
    <Menu
      aria-label="Add a configuration"
      onAction={(key) => (key === SETTINGS ? router.push('/settings/ai') : onAdd(String(key)))}
      disabledKeys={isFull ? left.map(({ name }) => name) : left.length === 0 ? ['none'] : []}
      trigger={
        <Button look="outline" aria-label="Add a configuration">
          <Plus aria-hidden="true" />
          Configuration
        </Button>
      }
    >
      <MenuSection aria-label="Configurations">
        {left.map(({ name, provider, model, note }) => (
          <MenuItem key={name} id={name} textValue={name}>
            <span className="min-w-0">
              <span className="block truncate font-mono text-[0.8125rem]">{name}</span>
              <span className="block truncate text-ink-faint text-xs">
                {note === null ? `${provider} · ${model}` : 'no model'}
              </span>
            </span>
          </MenuItem>
        ))}
        {left.length === 0 && (
          <MenuItem id="none" textValue="None">
            All of them stand here
          </MenuItem>
        )}
      </MenuSection>
      <MenuSeparator />
      <MenuItem id={SETTINGS} textValue="Manage configurations">
        <Settings2 aria-hidden="true" />
        Manage configurations
      </MenuItem>
    </Menu>
  )
}

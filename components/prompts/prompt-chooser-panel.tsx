'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, Search } from 'lucide-react'
import { useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem } from 'react-aria-components/Menu'
import { SearchField } from 'react-aria-components/SearchField'
import { ITEM_CLASS } from '#components/ui/class-names.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { PopoverDialog } from '#components/ui/overlays/popover-dialog.tsx'
import type { PopupProps } from '#components/ui/overlays/use-popup.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { call } from '#lib/rest/client.ts'
import { useSettled } from './test/use-settled.ts'

/** A pause in typing that is worth a question to the server. */
const PAUSE_MS = 90
const SHOWN = 30
/** No prompt can have this name. */
const NONE = ' '

/** Where one types a part of a prompt's name, title or text, and chooses what is found. */
export function PromptChooserPanel({
  popup,
  value,
  none,
  onChoose,
}: {
  popup: PopupProps
  value: string | null
  none: string | undefined
  onChoose: (name: string | null) => void
}) {
  return (
    <PopoverDialog
      popup={popup}
      placement="bottom start"
      label="Choose a prompt"
      className="w-80 min-w-full max-w-full"
    >
      <Found
        value={value}
        none={none}
        onChoose={(name) => {
          popup.onClose()
          if (name !== value) onChoose(name)
        }}
      />
    </PopoverDialog>
  )
}

function Found({
  value,
  none,
  onChoose,
}: {
  value: string | null
  none: string | undefined
  onChoose: (name: string | null) => void
}) {
  const [text, setText] = useState('')
  const q = useSettled(text.trim(), text === '' ? 0 : PAUSE_MS)
  const { data, error, isFetching } = useQuery({
    queryKey: ['prompts', 'chooser', q],
    queryFn: async ({ signal }) => {
      const query = { limit: SHOWN, ...(q === '' ? { sort: 'name' as const } : { q }) }
      const { items } = await call('GET /api/prompts', { query, signal })
      return items.map(({ name, title }) => ({ name, title }))
    },
    placeholderData: keepPreviousData,
  })
  const prompts = data ?? []
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField
        aria-label="Search the prompts"
        className="mb-1 flex h-9 items-center gap-2 border-line border-b px-2"
      >
        <Search
          aria-hidden="true"
          className={`size-4 shrink-0 text-ink-faint ${isFetching ? 'pulse-quietly' : ''}`}
        />
        <Input
          ref={focusAtOnce}
          placeholder="Search name, title, text"
          maxLength={200}
          spellCheck={false}
          className="h-full min-w-0 flex-1 bg-transparent text-base text-ink outline-none! sm:text-sm [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      <ScrollRegion name="What was found" className="max-h-72 overflow-y-auto rounded">
        <Menu
          aria-label="Prompts"
          className="outline-none"
          onAction={(key) => onChoose(key === NONE ? null : String(key))}
          renderEmptyState={() => (
            <p className="px-2 py-4 text-center text-ink-faint text-sm">
              {error ? error.message : isFetching ? 'Searching…' : 'No prompt holds that.'}
            </p>
          )}
        >
          {none !== undefined && value !== null && text === '' && (
            <MenuItem id={NONE} textValue={none} className={ITEM_CLASS}>
              {none}
            </MenuItem>
          )}
          {prompts.map(({ name, title }) => (
            <MenuItem key={name} id={name} textValue={title || name} className={ITEM_CLASS}>
              <span className="min-w-0 flex-1">
                <span className="block truncate">{title || name}</span>
                {title && <span className="block truncate font-mono text-ink-faint text-xs">{name}</span>}
              </span>
              <Check aria-hidden="true" className={name === value ? '' : 'invisible'} />
            </MenuItem>
          ))}
        </Menu>
      </ScrollRegion>
    </Autocomplete>
  )
}

'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, Search } from 'lucide-react'
import { useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem } from 'react-aria-components/Menu'
import { SearchField } from 'react-aria-components/SearchField'
import { isCalled } from '#components/palette/matching.ts'
import { ITEM_CLASS } from '#components/ui/class-names.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { PopoverDialog } from '#components/ui/overlays/popover-dialog.tsx'
import { useMenuOfAnswer } from '#components/ui/overlays/use-menu-of-answer.ts'
import type { PopupProps } from '#components/ui/overlays/use-popup.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { call } from '#lib/rest/client.ts'
import { useDebounced } from './use-debounced.ts'

/** A pause in typing that is worth a question to the server. */
const PAUSE_MS = 90
const SHOWN = 30
/** No prompt can have this name. */
const NONE = ' '

/** A combobox of prompts: typing a part of a name, title or text finds them. */
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

interface FoundProps {
  value: string | null
  none: string | undefined
  onChoose: (name: string | null) => void
}

function Found(props: FoundProps) {
  const [text, setText] = useState('')
  const typed = text.trim()
  const q = useDebounced(typed, text === '' ? 0 : PAUSE_MS)
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    queryKey: ['prompts', 'chooser', q],
    queryFn: async ({ signal }) => {
      const query = { limit: SHOWN, ...(q === '' ? { sort: 'name' as const } : { q }) }
      const { items } = await call('GET /api/prompts', { query, signal })
      return items.map(({ name, title }) => ({ name, title }))
    },
    placeholderData: keepPreviousData,
  })
  const isOld = q !== typed || isPlaceholderData
  const menu = useMenuOfAnswer(typed, isOld)
  // What an earlier text found is offered only where it fits this one: Enter may come before the answer.
  const prompts = (data ?? []).filter((prompt) => !isOld || isCalled(prompt, text))
  const nothing = error ? error.message : isFetching || isOld ? 'Searching…' : 'No prompt holds that.'
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
          onKeyDown={({ key }) => menu.onKey(key)}
          placeholder="Search name, title, text"
          maxLength={200}
          spellCheck={false}
          className="h-full min-w-0 flex-1 bg-transparent text-base text-ink outline-none! sm:text-sm [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      <ScrollRegion name="What was found" className="max-h-72 overflow-y-auto rounded">
        <FoundPrompts
          key={menu.name}
          {...props}
          prompts={prompts}
          beginsAtFirst={menu.name !== ''}
          hasNone={text === ''}
          nothing={nothing}
        />
      </ScrollRegion>
    </Autocomplete>
  )
}

function FoundPrompts({
  prompts,
  value,
  none,
  beginsAtFirst,
  hasNone,
  nothing,
  onChoose,
}: FoundProps & {
  prompts: readonly { name: string; title: string }[]
  /** Enter means the first line from the beginning. */
  beginsAtFirst: boolean
  /** Whether going back to none is offered. */
  hasNone: boolean
  /** Shown in place of an empty list. */
  nothing: string
}) {
  return (
    <Menu
      aria-label="Prompts"
      className="outline-none"
      {...(beginsAtFirst && { autoFocus: 'first' as const })}
      onAction={(key) => onChoose(key === NONE ? null : String(key))}
      renderEmptyState={() => <p className="px-2 py-4 text-center text-ink-faint text-sm">{nothing}</p>}
    >
      {none !== undefined && value !== null && hasNone && (
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
  )
}

'use client'

import { Search } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import { Kbd } from '#components/ui/kbd.tsx'

/** Where one types; the menu below follows it while the focus stays here. */
export function PaletteField({ isSearching }: { isSearching: boolean }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <SearchField
      aria-label="Go to a prompt or run an action"
      className="flex h-13 shrink-0 items-center gap-3 border-line border-b px-4"
    >
      <Search
        aria-hidden="true"
        className={`size-4 shrink-0 text-ink-faint ${isSearching ? 'pulse-quietly' : ''}`}
      />
      <Input
        ref={field}
        placeholder="Go to a prompt or run an action…"
        maxLength={200}
        spellCheck={false}
        className="h-full min-w-0 flex-1 bg-transparent text-base text-ink outline-none! [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd className="max-sm:hidden">Esc</Kbd>
    </SearchField>
  )
}

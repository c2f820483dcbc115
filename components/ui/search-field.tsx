'use client'

import { Search, X } from 'lucide-react'
import { type KeyboardEvent, type Ref, useEffect, useEffectEvent, useRef } from 'react'
import { classNames } from './class-names.ts'
import { FIELD_CLASS } from './field.tsx'
import { Kbd } from './kbd.tsx'

/** A field to search with; `shortcut` is the key that leads to it, shown while it is empty. */
export function SearchField({
  label,
  value,
  onChange,
  onKeyDown,
  placeholder,
  shortcut,
  ref,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
  placeholder?: string
  shortcut?: string
  ref?: Ref<HTMLInputElement>
}) {
  const own = useRef<HTMLInputElement | null>(null)
  const clear = () => {
    onChange('')
    own.current?.focus()
  }
  // What was typed before the page's script ran is still in the field: the next rendering would clear it.
  const keepEarlyText = useEffectEvent(() => {
    const typed = own.current?.value ?? ''
    if (typed !== value) onChange(typed)
  })
  useEffect(() => keepEarlyText(), [])
  return (
    <div className="relative">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-faint"
      />
      <input
        ref={(element) => {
          own.current = element
          if (typeof ref === 'function') ref(element)
          else if (ref) ref.current = element
        }}
        type="search"
        aria-label={label}
        aria-keyshortcuts={shortcut}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') clear()
          onKeyDown?.(event)
        }}
        className={classNames(FIELD_CLASS, 'h-10 pr-10 pl-9 [&::-webkit-search-cancel-button]:hidden')}
      />
      {value !== '' && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={clear}
          className="absolute top-1/2 right-1.5 grid size-7 -translate-y-1/2 place-items-center rounded text-ink-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      )}
      {value === '' && shortcut && (
        <Kbd className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 max-sm:hidden">
          {shortcut}
        </Kbd>
      )}
    </div>
  )
}

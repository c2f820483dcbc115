'use client'

import { Search, X } from 'lucide-react'
import { type KeyboardEvent, type Ref, type RefObject, useEffect, useEffectEvent, useRef } from 'react'
import { classNames } from './class-names.ts'
import { FIELD_CLASS } from './field.tsx'
import { Kbd } from './kbd.tsx'

interface SearchFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
  placeholder?: string
  shortcut?: string
  ref?: Ref<HTMLInputElement>
}

/** A field to search with; `shortcut` is the key that leads to it, shown while it is empty. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, onKeyDown, placeholder, shortcut, ref } = props
  const own = useRef<HTMLInputElement | null>(null)
  const clear = () => {
    onChange('')
    own.current?.focus()
  }
  useEarlyText(own, value, onChange)
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
      {value !== '' && <ClearButton onClear={clear} />}
      {value === '' && shortcut && (
        <Kbd className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 max-sm:hidden">
          {shortcut}
        </Kbd>
      )}
    </div>
  )
}

/** Takes what was typed before the page's script ran: the next rendering would clear it. */
function useEarlyText(
  field: RefObject<HTMLInputElement | null>,
  value: string,
  onChange: (value: string) => void,
): void {
  const keepEarlyText = useEffectEvent(() => {
    const typed = field.current?.value ?? ''
    if (typed !== value) onChange(typed)
  })
  useEffect(() => keepEarlyText(), [])
}

function ClearButton({ onClear }: { onClear: () => void }) {
  return (
    <button
      type="button"
      aria-label="Clear the search"
      onClick={onClear}
      className="absolute top-1/2 right-1.5 grid size-7 -translate-y-1/2 place-items-center rounded text-ink-faint hover:bg-hover hover:text-ink"
    >
      <X aria-hidden="true" className="size-4" />
    </button>
  )
}

'use client'

import { X } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { formatNumber } from '#components/ui/format.ts'
import { type Filters, listHref } from '../filters.ts'
import { dropTarget } from './dragged-prompts.ts'

/** Changes some filters and leaves the others; null takes one away. */
export type ChangeFilters = (change: Partial<Filters>) => void

/** A plain click changes the filters in place; any other (new tab, no script) follows the address. */
function onPlainClick(run: () => void) {
  return (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    run()
  }
}

interface FilterLinkProps {
  filters: Filters
  change: Partial<Filters>
  onChange: ChangeFilters
  children: ReactNode
}

/** One line at the side: a filter, and the number of prompts that it finds. */
export function FilterLine({
  filters,
  change,
  onChange,
  children,
  count,
  current,
  onDrop,
}: FilterLinkProps & { count?: number; current: boolean; onDrop?: (names: string[]) => void }) {
  return (
    <a
      {...dropTarget(onDrop)}
      href={listHref({ ...filters, ...change })}
      onClick={onPlainClick(() => onChange(change))}
      aria-current={current ? 'true' : undefined}
      className={classNames(
        'flex min-h-8 items-center gap-2 rounded-md px-2 text-sm lg:-mx-2',
        'data-drop-target:bg-lapis-wash data-drop-target:text-lapis data-drop-target:outline-2 data-drop-target:outline-(--focus)',
        current ? 'bg-hover font-medium text-ink' : 'text-ink-soft hover:bg-hover hover:text-ink',
      )}
    >
      <span className="flex min-w-0 flex-1 items-center gap-2">{children}</span>
      {count !== undefined && (
        <span className="text-ink-faint text-xs tabular-nums">{formatNumber(count)}</span>
      )}
    </a>
  )
}

/** A tag, pressed or not. */
export function TagLink({
  filters,
  change,
  onChange,
  children,
  current,
}: FilterLinkProps & { current: boolean }) {
  return (
    <a
      href={listHref({ ...filters, ...change })}
      onClick={onPlainClick(() => onChange(change))}
      aria-current={current ? 'true' : undefined}
      className={classNames(
        'inline-flex min-h-7 items-center gap-1 rounded-full border px-2.5 text-xs',
        current
          ? 'border-transparent bg-fill text-on-fill'
          : 'border-line text-ink-soft hover:border-line-strong hover:text-ink',
      )}
    >
      {children}
    </a>
  )
}

/** A filter that is set, with the way to take it off. */
export function ActiveFilter({ filters, change, onChange, children }: FilterLinkProps) {
  return (
    <a
      href={listHref({ ...filters, ...change })}
      onClick={onPlainClick(() => onChange(change))}
      className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full bg-hover pr-1.5 pl-2.5 text-ink text-xs hover:bg-line"
    >
      <span className="sr-only">Remove the filter </span>
      <span className="truncate">{children}</span>
      <X aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
    </a>
  )
}

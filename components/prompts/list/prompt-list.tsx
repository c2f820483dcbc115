'use client'

import { type RefObject, useEffect, useEffectEvent, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { CategoryFacts } from '../facts.ts'
import type { Filters } from '../filters.ts'
import type { ChangeFilters } from './filter-link.tsx'
import { ListFailure } from './list-failure.tsx'
import { NothingFound } from './nothing-found.tsx'
import { PromptRow } from './prompt-row.tsx'

/** Rows of the first page are laid out at once, so that nothing moves when they are measured. */
const EAGER_ROWS = 50

/** Puts the focus on a row; returns whether there is such a row. */
export function focusRow(list: HTMLElement | null, index: number): boolean {
  const row = list?.querySelectorAll<HTMLElement>('[data-row-link]').item(index)
  row?.focus()
  return Boolean(row)
}

interface PromptListProps {
  ref: RefObject<HTMLDivElement | null>
  prompts: PromptSummary[]
  categories: readonly CategoryFacts[]
  filters: Filters
  onChange: ChangeFilters
  /** Arrow up on the first row. */
  onLeave: () => void
  /** What is shown answers the question before this one. */
  isStale: boolean
  error: Error | null
  onRetry: () => void
  hasMore: boolean
  isLoadingMore: boolean
  onMore: () => void
}

export function PromptList({ ref, prompts, categories, filters, onChange, ...list }: PromptListProps) {
  const { isStale, error, onRetry, hasMore, isLoadingMore, onMore, onLeave } = list
  const bySlug = new Map(categories.map((category) => [category.slug, category]))

  useArrowKeys(ref, onLeave)

  const found = `${counted(prompts.length, 'prompt')}${hasMore ? ' and more' : ''}`
  return (
    <div ref={ref} aria-busy={isStale} className="mt-4">
      <output className="sr-only">{isStale ? '' : found}</output>
      {error && <ListFailure error={error} onRetry={onRetry} />}
      {prompts.length === 0 && !error && (
        <NothingFound filters={filters} onChange={onChange} isStale={isStale} />
      )}
      <ol
        className={classNames(
          'divide-y divide-line transition-opacity delay-150 duration-150',
          isStale && 'opacity-60',
        )}
      >
        {prompts.map((prompt, index) => (
          <li key={prompt.id} className={index < EAGER_ROWS ? undefined : 'lazy-row'}>
            <PromptRow
              prompt={prompt}
              category={prompt.category === null ? undefined : bySlug.get(prompt.category)}
            />
          </li>
        ))}
      </ol>
      {hasMore && <More isLoading={isLoadingMore} onMore={onMore} />}
    </div>
  )
}

/** Arrow keys lead from row to row, and from the first one out of the list. */
function useArrowKeys(list: RefObject<HTMLElement | null>, onLeave: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])]
    const at = links.findIndex((link) => link === event.target)
    if (at < 0) return
    event.preventDefault()
    const next = at + (event.key === 'ArrowDown' ? 1 : -1)
    if (next < 0) onLeave()
    else links[next]?.focus()
  })
  useEffect(() => {
    const element = list.current
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    element?.addEventListener('keydown', listener)
    return () => element?.removeEventListener('keydown', listener)
  }, [list])
}

/** Loads on when it comes into sight; the button is for keys, readers and what failed. */
function More({ isLoading, onMore }: { isLoading: boolean; onMore: () => void }) {
  const end = useRef<HTMLDivElement>(null)
  const reached = useEffectEvent(() => {
    if (!isLoading) onMore()
  })
  useEffect(() => {
    if (!end.current) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reached()
      },
      { rootMargin: '600px' },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={end} className="flex h-20 items-center justify-center border-line border-t">
      <Button onPress={onMore} isDisabled={isLoading}>
        {isLoading ? 'Loading more…' : 'Show more'}
      </Button>
    </div>
  )
}

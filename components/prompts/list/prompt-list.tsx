'use client'

import { type DragEvent, type RefObject, useMemo } from 'react'
import type { Density } from '#components/rows/density.tsx'
import { rowAt } from '#components/rows/focus-row.ts'
import { ListFailure, MoreRows } from '#components/rows/more-rows.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import { useNow } from '#components/ui/use-now.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { CategoryFacts } from '../facts.ts'
import type { Filters } from '../filters.ts'
import { CompactRow } from './compact-row.tsx'
import { startDrag } from './dragged-prompts.ts'
import type { ChangeFilters } from './filter-link.tsx'
import { NothingFound } from './nothing-found.tsx'
import { PromptRow } from './prompt-row.tsx'
import type { Selection } from './use-selection.ts'

interface PromptListProps {
  ref: RefObject<HTMLDivElement | null>
  prompts: PromptSummary[]
  categories: readonly CategoryFacts[]
  filters: Filters
  onChange: ChangeFilters
  selection: Selection
  density: Density
  /** When the page was read, in milliseconds. */
  firstNow: number
  onMenu: (prompt: PromptSummary, button: HTMLElement) => void
  /** What is shown answers the question before this one. */
  isStale: boolean
  error: Error | null
  onRetry: () => void
  hasMore: boolean
  isLoadingMore: boolean
  onMore: () => void
}

export function PromptList({
  ref,
  prompts,
  categories,
  filters,
  onChange,
  selection,
  ...list
}: PromptListProps) {
  const { isStale, error, onRetry, hasMore, isLoadingMore, onMore, onMenu } = list
  const bySlug = new Map(categories.map((category) => [category.slug, category]))
  const select = (name: string, range: boolean) => (range ? selection.extendTo(name) : selection.toggle(name))

  const drag = (event: DragEvent) => {
    const row = rowAt(event.target)
    if (!row) return
    const names = selection.has(row.name) ? selection.prompts.map(({ name }) => name) : [row.name]
    startDrag(event, names, names.length === 1 ? row.name : counted(names.length, 'prompt'))
  }
  const now = useNow(list.firstNow)
  const Row = list.density === 'compact' ? CompactRow : PromptRow
  const ids = useMemo(() => prompts.map(({ id }) => id), [prompts])
  const renderRow = (index: number) => {
    const prompt = prompts[index]
    return (
      prompt && (
        <Row
          prompt={prompt}
          category={prompt.category === null ? undefined : bySlug.get(prompt.category)}
          isSelected={selection.has(prompt.name)}
          now={now}
          onSelect={select}
          onMenu={onMenu}
        />
      )
    )
  }
  const found = hasMore
    ? `The first ${counted(prompts.length, 'prompt')}, more below`
    : counted(prompts.length, 'prompt')
  return (
    <div ref={ref} aria-busy={isStale} className="mt-4" onDragStart={drag}>
      <output className="sr-only">{isStale ? '' : found}</output>
      {error && <ListFailure error={error} onRetry={onRetry} />}
      {prompts.length === 0 && !error && (
        <NothingFound filters={filters} onChange={onChange} isStale={isStale} />
      )}
      <div className={classNames('transition-opacity duration-150', isStale && 'opacity-60 delay-150')}>
        <Rows ids={ids} total={hasMore ? -1 : prompts.length} renderRow={renderRow} />
      </div>
      {hasMore && <MoreRows isLoading={isLoadingMore} hasFailed={error !== null} onMore={onMore} />}
    </div>
  )
}

'use client'

import { type RefObject, useMemo } from 'react'
import { ListFailure, MoreRows } from '#components/rows/more-rows.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import { useNow } from '#components/ui/use-now.ts'
import { isFinished } from '#lib/generations/status.ts'
import { type ChangeFilters, type GenerationFilters, USUAL_SORT } from '../filters.ts'
import type { Usual } from '../usual.ts'
import type { GenerationColumn } from './columns.tsx'
import { GenerationRow } from './generation-row.tsx'
import { GenerationTable } from './generation-table.tsx'
import { NothingGenerated } from './nothing-generated.tsx'
import type { ShownGenerations } from './use-generation-pages.ts'

interface Props extends ShownGenerations {
  ref: RefObject<HTMLDivElement | null>
  filters: GenerationFilters
  onChange: ChangeFilters
  /** Those of the table; left out: rows that show all of it. */
  columns: readonly GenerationColumn[] | undefined
  /** The prompt whose own page this is. */
  page: string | undefined
  firstNow: number
  usual: Usual
}

/** The list itself, as rows or as a table, with what it has found. */
export function GenerationList(props: Props) {
  const { ref, generations, filters, onChange, columns, page, firstNow, usual, ...list } = props
  const { isStale, error, onRetry, hasMore, isLoadingMore, onMore } = list
  const now = useNow(firstNow)
  const ids = useMemo(() => generations.map(({ id }) => id), [generations])
  const total = hasMore ? -1 : ids.length
  const running = generations.filter(({ status }) => !isFinished(status)).length
  const found = hasMore
    ? `The first ${counted(generations.length, 'generation')}, more below`
    : counted(generations.length, 'generation')
  return (
    <div ref={ref} aria-busy={isStale}>
      <output className="sr-only">
        {isStale ? '' : running === 0 ? found : `${found}, ${running} unfinished`}
      </output>
      {error && <ListFailure error={error} onRetry={onRetry} />}
      {generations.length === 0 && !error && !isStale && !hasMore && (
        <NothingGenerated filters={filters} onChange={onChange} page={page} />
      )}
      <div className={classNames('transition-opacity duration-150', isStale && 'opacity-60 delay-150')}>
        {columns === undefined ? (
          <Rows
            ids={ids}
            total={total}
            renderRow={(index) => {
              const generation = generations[index]
              return (
                generation && (
                  <GenerationRow generation={generation} now={now} isOfPrompt={page !== undefined} />
                )
              )
            }}
          />
        ) : (
          <GenerationTable
            generations={generations}
            columns={columns}
            sort={filters.sort ?? USUAL_SORT}
            onSort={(sort) => onChange({ sort: sort === USUAL_SORT ? null : sort })}
            total={total}
            now={now}
            usual={usual}
          />
        )}
      </div>
      {hasMore && <MoreRows isLoading={isLoadingMore} hasFailed={error !== null} onMore={onMore} />}
    </div>
  )
}

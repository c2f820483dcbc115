'use client'

import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { debounce, useQueryStates } from 'nuqs'
import { useDeferredValue, useMemo, useRef } from 'react'
import { FileLinks } from '#components/rows/file-links.tsx'
import { ListFailure, MorePages } from '#components/rows/more-rows.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { useListKeys } from '#components/rows/use-list-keys.ts'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useTimeZone } from '#components/spans/time-zone.ts'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { counted } from '#components/ui/format.ts'
import { useNow } from '#components/ui/use-now.ts'
import { useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import type { AuditPage } from '#lib/audit/schema.ts'
import { AuditRow } from './audit-row.tsx'
import { FilterBar } from './filter-bar.tsx'
import {
  type AuditFilters,
  type AuditListQuery,
  auditHref,
  type ChangeFilters,
  filterParsers,
  isNarrowed,
  NO_FILTERS,
  toQuery,
} from './filters.ts'
import { auditPagesQuery, fileHref } from './queries.ts'

/** The first page, as the server read it. */
export interface FirstAudit {
  filters: AuditFilters
  query: AuditListQuery
  zone: string
  page: AuditPage
  readAt: number
}

const LISTED = { id: 'audit', group: 'Audit', open: 'Show what changed' }
const URL_DELAY_MS = 250

/** Who did what, from where, newest first; the filters live in the URL. */
export function AuditBrowser({ first }: { first: FirstAudit }) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  useSamePageHistory()
  const zone = useTimeZone(first.zone)
  const wanted = useDeferredValue(filters)
  const { query, pages } = useAuditPages(first, wanted, zone)
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push', scroll: false })
  const type: ChangeFilters = (given) =>
    void setFilters(given, { history: 'replace', scroll: false, limitUrlUpdates: debounce(URL_DELAY_MS) })
  return (
    <section aria-labelledby="audit">
      <SectionHead
        id="audit"
        title="Audit"
        action={<FileLinks name="all events" hrefOf={(format) => fileHref(query, format)} />}
      >
        Every change and every sign-in: who, on whose behalf, from where, before and after. Nobody can alter
        it.
      </SectionHead>
      <div className="py-4">
        <FilterBar filters={filters} onChange={change} onType={type} own={zone} now={first.readAt} />
      </div>
      <Events
        pages={pages}
        isStale={pages.isPlaceholderData || wanted !== filters}
        filters={filters}
        onChange={change}
        readAt={first.readAt}
      />
    </section>
  )
}

function useAuditPages(first: FirstAudit, filters: AuditFilters, zone: string) {
  const isFirst = auditHref(filters) === auditHref(first.filters)
  const query = useMemo(
    () => (isFirst ? first.query : toQuery(filters, zone)),
    [isFirst, first.query, filters, zone],
  )
  const pages = useInfiniteQuery({
    ...auditPagesQuery(query),
    placeholderData: keepPreviousData,
    ...(isFirst && {
      initialData: { pages: [first.page], pageParams: [null] } satisfies InfiniteData<
        AuditPage,
        string | null
      >,
      initialDataUpdatedAt: first.readAt,
    }),
  })
  return { query, pages }
}

function Events({
  pages,
  isStale,
  filters,
  onChange,
  readAt,
}: {
  pages: ReturnType<typeof useAuditPages>['pages']
  isStale: boolean
  filters: AuditFilters
  onChange: ChangeFilters
  readAt: number
}) {
  const now = useNow(readAt)
  const list = useRef<HTMLDivElement>(null)
  const events = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const ids = useMemo(() => events.map(({ id }) => id), [events])
  useListKeys(list, events.length, LISTED)
  const { error, hasNextPage } = pages
  return (
    <div ref={list} aria-busy={isStale}>
      <output className="sr-only">
        {!isStale &&
          (hasNextPage ? `The first ${events.length}, more below` : counted(events.length, 'event'))}
      </output>
      {error && <ListFailure error={error} onRetry={() => void pages.refetch()} />}
      <div
        className={classNames(
          'border-line border-t transition-opacity duration-150',
          isStale && 'opacity-60 delay-150',
        )}
      >
        <Rows
          ids={ids}
          total={hasNextPage ? -1 : ids.length}
          renderRow={(index) => {
            const event = events[index]
            return event && <AuditRow event={event} now={now} onChange={onChange} />
          }}
        />
      </div>
      {events.length === 0 && !error && !isStale && (
        <Nothing isNarrowed={isNarrowed(filters)} onClear={() => onChange(NO_FILTERS)} />
      )}
      <MorePages pages={pages} />
    </div>
  )
}

function Nothing({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  if (!isNarrowed) return <p className="py-6 text-ink-soft">Nothing was changed yet.</p>
  return (
    <EmptyState
      title="Nothing fits"
      action={
        <Button look="primary" onPress={onClear}>
          Show everything
        </Button>
      }
    >
      <p>No event fits all of these filters.</p>
    </EmptyState>
  )
}

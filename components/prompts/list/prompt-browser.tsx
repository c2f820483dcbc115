'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { debounce, useQueryStates } from 'nuqs'
import { useDeferredValue, useRef } from 'react'
import { useShortcut } from '#components/ui/use-shortcut.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { CategoryFacts, TagFacts } from '../facts.ts'
import { type Filters, filterParsers, listHref } from '../filters.ts'
import { categoriesQuery, type PromptPageData, promptPagesQuery, tagsQuery } from '../queries.ts'
import type { ChangeFilters } from './filter-link.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { ListToolbar } from './list-toolbar.tsx'
import { focusRow, PromptList } from './prompt-list.tsx'

export interface PromptBrowserProps {
  /** What the server read, and for which filters. */
  first: { filters: Filters; page: PromptPageData; readAt: number }
  categories: CategoryFacts[]
  tags: TagFacts[]
}

const URL_DELAY_MS = 250

/** The list of prompts with its search, filters and sort; all of them live in the URL. */
export function PromptBrowser({ first, categories, tags }: PromptBrowserProps) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  const searchField = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(filters)

  const pages = useInfiniteQuery({
    ...promptPagesQuery(wanted),
    placeholderData: keepPreviousData,
    ...(listHref(wanted) === listHref(first.filters)
      ? { initialData: { pages: [first.page], pageParams: [null] }, initialDataUpdatedAt: first.readAt }
      : {}),
  })
  const side = {
    categories: useQuery({ ...categoriesQuery, initialData: categories, initialDataUpdatedAt: first.readAt })
      .data,
    tags: useQuery({ ...tagsQuery, initialData: tags, initialDataUpdatedAt: first.readAt }).data,
  }

  // Typing replaces the entry of the history; a chosen filter makes one, so that Back takes it off.
  const search = (q: string) =>
    void setFilters({ q: q || null }, { history: 'replace', limitUrlUpdates: debounce(URL_DELAY_MS) })
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push' })
  useShortcut('/', () => searchField.current?.focus())

  const prompts: PromptSummary[] = pages.data?.pages.flatMap((page) => page.items) ?? []
  const panel = { filters, onChange: change, ...side }
  return (
    <div className="grid gap-x-14 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <aside aria-label="Filters" className="hidden lg:block">
        <div className="sticky top-20 max-h-[calc(100dvh-6rem)] -ml-2 overflow-y-auto pr-3 pb-6 pl-2">
          <FilterPanel {...panel} />
        </div>
      </aside>
      <div className="min-w-0">
        <ListToolbar
          {...panel}
          searchField={searchField}
          onSearch={search}
          onLeaveSearch={() => focusRow(list.current, 0)}
        />
        <PromptList
          ref={list}
          prompts={prompts}
          categories={side.categories}
          filters={wanted}
          onChange={change}
          onLeave={() => searchField.current?.focus()}
          isStale={pages.isPlaceholderData || wanted !== filters}
          error={pages.error}
          onRetry={() => void pages.refetch()}
          hasMore={pages.hasNextPage}
          isLoadingMore={pages.isFetchingNextPage}
          onMore={() => void pages.fetchNextPage()}
        />
      </div>
    </div>
  )
}

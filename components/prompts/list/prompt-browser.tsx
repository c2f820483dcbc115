'use client'

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { debounce, useQueryStates } from 'nuqs'
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useLabelNews } from '#components/changes/label-news.ts'
import { useDensity } from '#components/rows/density.tsx'
import { focusRow, useEnterList } from '#components/rows/focus-row.ts'
import { useScrollMemory } from '#components/rows/use-scroll-memory.ts'
import type { Action } from '#components/shell/action-store.ts'
import { useActions } from '#components/shell/actions.tsx'
import { searchHistory, useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { CategoryFacts, TagFacts } from '../facts.ts'
import { type Filters, filterParsers, listHref } from '../filters.ts'
import { moveInLists } from '../list-cache.ts'
import { categoriesQuery, type PromptPageData, promptPagesQuery, tagsQuery } from '../queries.ts'
import { BulkBar } from './bulk-bar.tsx'
import type { ChangeFilters } from './filter-link.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { ListDialogs } from './list-dialogs.tsx'
import { ListToolbar } from './list-toolbar.tsx'
import { PromptList } from './prompt-list.tsx'
import { type ListActions, useListActions } from './use-list-actions.ts'
import { useListKeys } from './use-list-keys.ts'
import { type Selection, useSelection } from './use-selection.ts'

export interface PromptBrowserProps {
  /** What the server read, and for which filters. */
  first: { filters: Filters; page: PromptPageData; readAt: number }
  /** undefined: too many to come with the page. */
  categories: CategoryFacts[] | undefined
  tags: TagFacts[]
}

const URL_DELAY_MS = 250
const NO_CATEGORIES: CategoryFacts[] = []

/** Keys of a row, which the list handles itself, for the sheet of keys. */
const ROW_KEYS = [
  ['walk', 'Walk through the list (also j and k)', 'ArrowDown'],
  ['open', 'Open the prompt', 'Enter'],
  ['select', 'Select the row (with Shift: up to there)', 'x'],
  ['all', 'Select all rows', 'mod+a'],
].map(
  ([id, name, keys]) =>
    ({
      id: `prompts.row.${id}`,
      name: name ?? '',
      keys: keys ?? '',
      group: 'Prompts',
      isKeyOnly: true,
    }) as const,
)

/** The list of prompts with its search, filters and sort; all of them live in the URL. */
export function PromptBrowser({ first, categories, tags }: PromptBrowserProps) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  useSamePageHistory()
  const queries = useQueryClient()
  const searchField = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(filters)
  const href = listHref(wanted)

  const pages = useInfiniteQuery({
    ...promptPagesQuery(wanted),
    placeholderData: keepPreviousData,
    ...(href === listHref(first.filters)
      ? { initialData: { pages: [first.page], pageParams: [null] }, initialDataUpdatedAt: first.readAt }
      : {}),
  })
  const side = {
    categories:
      useQuery({
        ...categoriesQuery,
        ...(categories && { initialData: categories, initialDataUpdatedAt: first.readAt }),
      }).data ?? NO_CATEGORIES,
    tags: useQuery({ ...tagsQuery, initialData: tags, initialDataUpdatedAt: first.readAt }).data,
  }

  // A search and a chosen filter each make an entry of the history, so that Back takes it off.
  const search = (q: string) =>
    void setFilters({ q: q || null }, { history: searchHistory(q), limitUrlUpdates: debounce(URL_DELAY_MS) })
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push' })
  const toSearch = () => searchField.current?.focus()
  useActions([
    { id: 'prompts.search', name: 'Search the prompts', group: 'Prompts', keys: '/', run: toSearch },
    ...ROW_KEYS,
  ])

  const prompts = useMemo(() => itemsOf(pages.data), [pages.data])
  useLabelNews(
    (name) => prompts.some((prompt) => prompt.name === name),
    (moves) => {
      for (const move of moves) void moveInLists(queries, move.prompt, move)
    },
  )
  const shown = useRef(href)
  useEffect(() => {
    shown.current = href
  }, [href])
  const readAll = async () => {
    let read: Pick<typeof pages, 'data' | 'hasNextPage' | 'isError'> = pages
    do {
      if (read.hasNextPage) read = await pages.fetchNextPage()
    } while (read.hasNextPage && !read.isError && shown.current === href)
    return shown.current === href ? itemsOf(read.data) : undefined
  }
  const selection = useSelection(prompts, readAll)
  const actions = useListActions({ list, prompts, selection, categories: side.categories })
  useActions(useAnywhereKeys(list, selection, actions, prompts.length))
  useListKeys(list, prompts.length, selection, { ...actions.byKey, onLeave: toSearch })
  useScrollMemory(href)

  const [density, setDensity] = useDensity('comfortable')
  const labels = useMemo(() => labelsOf(prompts, wanted.label), [prompts, wanted.label])
  const panel = { filters, onChange: change, ...side, labels, onMove: actions.moveNames }
  return (
    <div className="grid gap-x-14 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <aside aria-label="Filters" className="hidden lg:block">
        <div className="sticky top-20 -ml-2 max-h-[calc(100dvh-6rem)] overflow-y-auto pr-3 pb-6 pl-2">
          <FilterPanel {...panel} />
        </div>
      </aside>
      <div className="min-w-0">
        <BulkBar selection={selection} actions={actions} />
        <ListToolbar
          {...panel}
          density={density}
          onDensity={setDensity}
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
          selection={selection}
          density={density}
          firstNow={first.readAt}
          onMenu={actions.openMenu}
          isStale={pages.isPlaceholderData || wanted !== filters}
          error={pages.error}
          onRetry={() =>
            void (prompts.length > 0 && pages.hasNextPage ? pages.fetchNextPage() : pages.refetch())
          }
          hasMore={pages.hasNextPage}
          isLoadingMore={pages.isFetchingNextPage}
          onMore={() => void pages.fetchNextPage()}
        />
        <ListDialogs actions={actions} categories={side.categories} tags={side.tags} />
      </div>
    </div>
  )
}

function itemsOf(data: { pages: readonly PromptPageData[] } | undefined): PromptSummary[] {
  return data?.pages.flatMap((page) => page.items) ?? []
}

/** Keys that lead into the list, or act on what is selected, from anywhere outside a field. */
function useAnywhereKeys(
  list: RefObject<HTMLElement | null>,
  selection: Selection,
  { byKey }: ListActions,
  count: number,
): Action[] {
  const enter = useEnterList(list, count)
  const onSelected = (act: (name: string) => void) => () => {
    const [first] = selection.prompts
    if (first) act(first.name)
  }
  return [
    ['enter', 'Go into the list', ['j', 'k'], enter] as const,
    ['archive', 'Archive or restore', ['e'], onSelected(byKey.onArchive)] as const,
    ['move', 'Move to a category', ['m'], onSelected(byKey.onMove)] as const,
    ['tag', 'Change tags', ['t'], onSelected(byKey.onTag)] as const,
  ].map(([id, name, keys, run]) => ({
    id: `prompts.row.${id}`,
    name,
    group: 'Prompts',
    keys,
    run,
    isKeyOnly: true,
  }))
}

/** Labels to narrow by: those that the prompts at hand have, and the one that is set. */
function labelsOf(prompts: readonly PromptSummary[], chosen: string | null): string[] {
  const labels = new Set(prompts.flatMap((prompt) => prompt.labels.map(({ label }) => label)))
  if (chosen !== null) labels.add(chosen)
  return [...labels].sort()
}

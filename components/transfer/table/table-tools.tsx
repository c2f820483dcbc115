'use client'

import { formatNumber } from '#components/ui/format.ts'
import { SearchField } from '#components/ui/search-field.tsx'
import { Segments } from '#components/ui/segments.tsx'
import type { useShownItems } from './use-shown-items.ts'

/** The filters of the table with their counts, and its search. */
export function TableTools({ shown }: { shown: ReturnType<typeof useShownItems> }) {
  const { filters, filter, setFilter, search, setSearch } = shown
  return (
    <div className="mb-3 flex flex-wrap items-center gap-3">
      <Segments
        name="Show"
        segments={filters.map(({ id, name, count }) => ({ id, label: `${name} ${formatNumber(count)}` }))}
        value={filter}
        onChange={(id) => setFilter(filters.find((each) => each.id === id)?.id ?? 'all')}
      />
      <div className="min-w-48 flex-1 sm:max-w-80 lg:ml-auto">
        <SearchField
          label="Search the items"
          placeholder="Search name, path, notes"
          value={search}
          onChange={setSearch}
        />
      </div>
    </div>
  )
}

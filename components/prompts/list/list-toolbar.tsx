'use client'

import { SlidersHorizontal } from 'lucide-react'
import { type RefObject, useId, useState } from 'react'
import { type Density, DensitySwitch } from '#components/rows/density.tsx'
import { Button } from '#components/ui/button.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { SearchField } from '#components/ui/search-field.tsx'
import { effectiveSort, type Filters, NARROWING, type Sort } from '../filters.ts'
import { ActiveFilter } from './filter-link.tsx'
import { FilterPanel, type FilterPanelProps } from './filter-panel.tsx'

const SORT_NAMES: Record<Sort, string> = {
  relevance: 'Best match first',
  name: 'By name',
  '-updated_at': 'Last changed first',
  '-created_at': 'Newest first',
  created_at: 'Oldest first',
}

interface ListToolbarProps extends FilterPanelProps {
  density: Density
  onDensity: (density: Density) => void
  searchField: RefObject<HTMLInputElement | null>
  onSearch: (q: string) => void
  /** Arrow down in the search leads into the list. */
  onLeaveSearch: () => void
}

/** Search, sort, the filters on narrow screens, and what is filtered by at the moment. */
export function ListToolbar(props: ListToolbarProps) {
  const { density, onDensity, searchField, onSearch, onLeaveSearch, ...panel } = props
  const { filters, onChange } = panel
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const sorts = Object.entries(SORT_NAMES)
    .filter(([sort]) => sort !== 'relevance' || filters.q !== null)
    .map(([sort, label]) => ({ id: sort, label }))
  const fallback = filters.q === null ? 'name' : 'relevance'
  return (
    <search className="block">
      <div className="flex flex-wrap gap-2">
        <div className="min-w-full flex-1 sm:min-w-60">
          <SearchField
            ref={searchField}
            label="Search the prompts"
            placeholder="Search name, title, description and text"
            shortcut="/"
            value={filters.q ?? ''}
            onChange={onSearch}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return
              event.preventDefault()
              onLeaveSearch()
            }}
          />
        </div>
        <Button
          className="h-10 lg:hidden"
          aria-expanded={isOpen}
          aria-controls={`${id}-filters`}
          onPress={() => setOpen(!isOpen)}
        >
          <SlidersHorizontal aria-hidden="true" />
          Filters
        </Button>
        <Select
          aria-label="Sort by"
          className="w-44 grow sm:grow-0 [&_button]:h-10"
          choices={sorts}
          value={effectiveSort(filters)}
          onChange={(sort) => onChange({ sort: sort === fallback ? null : (sort as Sort) })}
        />
        <span className="grid place-items-center">
          <DensitySwitch density={density} onChange={onDensity} />
        </span>
      </div>
      <div id={`${id}-filters`} hidden={!isOpen} className="mt-3 rounded-lg border border-line p-4 lg:hidden">
        <FilterPanel {...panel} />
      </div>
      <ActiveFilters {...panel} />
    </search>
  )
}

function ActiveFilters({
  filters,
  onChange,
  categories,
}: Pick<FilterPanelProps, 'filters' | 'onChange' | 'categories'>) {
  const names: Partial<Record<keyof Filters, string | undefined>> = {
    category:
      filters.category === 'none'
        ? 'No category'
        : (categories.find(({ slug }) => slug === filters.category)?.name ?? filters.category ?? undefined),
    tag: filters.tag ? `Tag: ${filters.tag}` : undefined,
    label: filters.label ? `Label: ${filters.label}` : undefined,
    archived: filters.archived ? 'Archive' : undefined,
  }
  const active = NARROWING.filter((key) => key !== 'q' && names[key])
  if (active.length === 0) return null
  return (
    <ul aria-label="Filters that are set" className="mt-3 flex flex-wrap gap-2">
      {active.map((key) => (
        <li key={key} className="min-w-0">
          <ActiveFilter filters={filters} onChange={onChange} change={{ [key]: null }}>
            {names[key]}
          </ActiveFilter>
        </li>
      ))}
    </ul>
  )
}

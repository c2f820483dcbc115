'use client'

import { Archive } from 'lucide-react'
import { useId, useState } from 'react'
import { type CategoryFacts, CategoryMark, type TagFacts } from '../categories-and-tags.tsx'
import type { Filters } from '../filters.ts'
import { type ChangeFilters, FilterLine, TagLink } from './filter-link.tsx'

const TAGS_SHOWN = 16
const SECTION_HEADING = 'mb-2 font-medium text-ink-faint text-xs'

export interface FilterPanelProps {
  filters: Filters
  onChange: ChangeFilters
  categories: readonly CategoryFacts[]
  tags: readonly TagFacts[]
  labels: readonly string[]
  /** Prompts were dropped on a category. */
  onMove: (names: string[], category: string | null) => void
}

/** Categories and tags, with how many prompts each has. */
export function FilterPanel({ filters, onChange, categories, tags, labels, onMove }: FilterPanelProps) {
  const id = useId()
  const common = { filters, onChange }
  return (
    <div className="flex flex-col gap-7">
      <section aria-labelledby={`${id}-categories`}>
        <h2 id={`${id}-categories`} className={SECTION_HEADING}>
          Categories
        </h2>
        <Categories {...common} categories={categories} onMove={onMove} />
      </section>
      {labels.length > 0 && (
        <section aria-labelledby={`${id}-labels`}>
          <h2 id={`${id}-labels`} className={SECTION_HEADING}>
            Labels
          </h2>
          <Labels {...common} labels={labels} />
        </section>
      )}
      {tags.length > 0 && (
        <section aria-labelledby={`${id}-tags`}>
          <h2 id={`${id}-tags`} className={SECTION_HEADING}>
            Tags
          </h2>
          <Tags {...common} tags={tags} />
        </section>
      )}
      <FilterLine
        {...common}
        change={{ archived: filters.archived ? null : 'true' }}
        current={filters.archived !== null}
      >
        <Archive aria-hidden="true" className="size-3.5" />
        Archive
      </FilterLine>
    </div>
  )
}

type PartProps<Key extends keyof FilterPanelProps> = Pick<FilterPanelProps, 'filters' | 'onChange' | Key>

function Categories({ categories, onMove, ...common }: PartProps<'categories' | 'onMove'>) {
  const { filters } = common
  return (
    <ul>
      <li>
        <FilterLine {...common} change={{ category: null }} current={filters.category === null}>
          All
        </FilterLine>
      </li>
      {categories.map(({ slug, name, color, prompt_count: count }) => (
        <li key={slug}>
          <FilterLine
            {...common}
            change={{ category: filters.category === slug ? null : slug }}
            current={filters.category === slug}
            count={count}
            onDrop={(names) => onMove(names, slug)}
          >
            <CategoryMark color={color} />
            <span className="truncate">{name}</span>
          </FilterLine>
        </li>
      ))}
      <li>
        <FilterLine
          {...common}
          change={{ category: filters.category === 'none' ? null : 'none' }}
          current={filters.category === 'none'}
          onDrop={(names) => onMove(names, null)}
        >
          <CategoryMark color={null} />
          <span className="truncate">No category</span>
        </FilterLine>
      </li>
    </ul>
  )
}

function Labels({ labels, ...common }: PartProps<'labels'>) {
  const { filters } = common
  return (
    <ul className="flex flex-wrap gap-1.5">
      {labels.map((label) => (
        <li key={label} className="max-w-full">
          <TagLink
            {...common}
            change={{ label: filters.label === label ? null : label }}
            current={filters.label === label}
          >
            <span className="truncate">{label}</span>
          </TagLink>
        </li>
      ))}
    </ul>
  )
}

function Tags({ filters, onChange, tags }: PartProps<'tags'>) {
  const [all, setAll] = useState(false)
  const shown = all ? tags : tags.filter(({ tag }, index) => index < TAGS_SHOWN || tag === filters.tag)
  return (
    <ul className="flex flex-wrap gap-1.5">
      {shown.map(({ tag, prompt_count: count }) => (
        <li key={tag} className="max-w-full">
          <TagLink
            filters={filters}
            onChange={onChange}
            change={{ tag: filters.tag === tag ? null : tag }}
            current={filters.tag === tag}
          >
            <span className="truncate">{tag}</span>
            <span className="tabular-nums opacity-80">{count}</span>
          </TagLink>
        </li>
      ))}
      {tags.length > shown.length && (
        <li>
          <button
            type="button"
            onClick={() => setAll(true)}
            className="min-h-7 rounded-full px-2 text-lapis text-xs underline-offset-2 hover:underline"
          >
            {tags.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  )
}

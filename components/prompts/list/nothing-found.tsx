'use client'

import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type Filters, isNarrowed } from '../filters.ts'
import type { ChangeFilters } from './filter-link.tsx'
import { FirstPrompt } from './first-prompt.tsx'

const NO_FILTERS = { q: null, category: null, tag: null, label: null, archived: null }

/** An empty list: because of the filters, or because there is no prompt at all. */
export function NothingFound({
  filters,
  onChange,
  isStale,
}: {
  filters: Filters
  onChange: ChangeFilters
  isStale: boolean
}) {
  if (isStale) return null
  if (!isNarrowed(filters)) return <FirstPrompt />
  const onlyArchive = filters.archived !== null && !isNarrowed({ ...filters, archived: null })
  if (onlyArchive)
    return (
      <EmptyState
        title="The archive is empty"
        action={
          <Button look="primary" onPress={() => onChange(NO_FILTERS)}>
            Show the prompts in use
          </Button>
        }
      >
        <p>An archived prompt keeps its name and its versions, and can be brought back.</p>
      </EmptyState>
    )
  return (
    <EmptyState
      title="Nothing fits"
      action={
        <Button look="primary" onPress={() => onChange(NO_FILTERS)}>
          Show all prompts
        </Button>
      }
    >
      <p>
        {filters.q === null
          ? 'No prompt fits all of these filters.'
          : `No prompt holds “${filters.q}” in its name, title, description or text${isNarrowed({ ...filters, q: null }) ? ' and fits the filters' : ''}.`}
      </p>
    </EmptyState>
  )
}

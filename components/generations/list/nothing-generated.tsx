'use client'

import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type ChangeFilters, type GenerationFilters, isNarrowed, NO_FILTERS } from '../filters.ts'

/** An empty list: because of the filters, or because nothing was generated yet. */
export function NothingGenerated({
  filters,
  onChange,
  page,
}: {
  filters: GenerationFilters
  onChange: ChangeFilters
  page: string | undefined
}) {
  if (isNarrowed(filters))
    return (
      <EmptyState
        title="Nothing fits"
        action={
          <Button look="primary" onPress={() => onChange(NO_FILTERS)}>
            Show all generations
          </Button>
        }
      >
        <p>No generation fits all of these filters.</p>
      </EmptyState>
    )
  return (
    <EmptyState
      title="Nothing generated yet"
      action={
        <Link
          href={page === undefined ? '/playground' : `/playground?prompt=${page}`}
          className={buttonClass('primary')}
        >
          Run it in the playground
        </Link>
      }
    >
      <p>
        Whatever a model answers is kept here with the version, the values, what it cost and how long it took,
        whether it was asked from the playground, over REST or by an agent.
      </p>
    </EmptyState>
  )
}

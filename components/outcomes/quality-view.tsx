'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import type { Quality } from '#lib/outcomes/schema.ts'
import { FailureNotes } from './failure-notes.tsx'
import { QualityChart } from './quality-chart.tsx'
import { QualityFilters } from './quality-filters.tsx'
import { type QualityState, qualityHref, qualityParsers } from './quality-state.ts'
import { QualityTable } from './quality-table.tsx'
import { qualityQuery } from './queries.ts'

export interface QualityViewProps {
  /** As the server read it, with the state and the time. */
  first: { state: QualityState; quality: Quality; readAt: number }
  /** Labels of the prompt, with the versions that they name. */
  labels: readonly { label: string; version: number }[]
}

/** How the versions of a prompt did, side by side; range and filters live in the URL. */
export function QualityView({ first, labels }: QualityViewProps) {
  const [state, setState] = useQueryStates(qualityParsers)
  useSamePageHistory()
  const { prompt } = first.quality
  const isFirst = qualityHref(prompt, state) === qualityHref(prompt, first.state)
  const reading = useQuery({
    ...qualityQuery(prompt, state),
    placeholderData: keepPreviousData,
    ...(isFirst && { initialData: first.quality, initialDataUpdatedAt: first.readAt }),
  })
  const { versions, ...offers } = reading.data ?? first.quality
  const labelsOf = (version: number) =>
    labels.filter((each) => each.version === version).map(({ label }) => label)
  return (
    <>
      <QualityFilters
        state={state}
        offers={offers}
        onChange={(change) => void setState(change, { history: 'push', scroll: false })}
      />
      {reading.error !== null && (
        <p role="alert" className="mb-4 text-rubric text-sm">
          {failureText(reading.error)}{' '}
          <Button look="quiet" onPress={() => void reading.refetch()}>
            Try again
          </Button>
        </p>
      )}
      <div
        aria-busy={reading.isPlaceholderData}
        className={classNames('flex flex-col gap-12', reading.isPlaceholderData && 'opacity-60')}
      >
        {versions.length === 0 ? (
          <NothingReported prompt={prompt} isNarrowed={state.label !== null || state.client !== null} />
        ) : (
          <>
            <section aria-labelledby="rates-heading">
              <h2 id="rates-heading" className="mb-4 font-serif text-2xl">
                Success by version
              </h2>
              <div className="grid grid-cols-1 gap-y-8">
                <QualityChart versions={versions} labelsOf={labelsOf} />
                <QualityTable prompt={prompt} versions={versions} />
              </div>
            </section>
            <FailureNotes prompt={prompt} versions={versions} state={state} />
          </>
        )}
      </div>
    </>
  )
}

function NothingReported({ prompt, isNarrowed }: { prompt: string; isNarrowed: boolean }) {
  return (
    <EmptyState
      title={isNarrowed ? 'Nothing fits' : 'No reports yet'}
      action={
        <Link href={`/playground?prompt=${prompt}`} className={buttonClass('primary')}>
          Run and rate it
        </Link>
      }
    >
      Every render and every generation comes with a receipt. Whoever sends it back with an outcome, over MCP
      with <code className="font-mono text-sm">report_outcome</code> or over REST, and whoever rates an answer
      here, is counted for its version.
    </EmptyState>
  )
}

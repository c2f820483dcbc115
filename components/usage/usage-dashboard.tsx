'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import { useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import { FilterBar } from './bar/filter-bar.tsx'
import { SpanBar } from './bar/span-bar.tsx'
import { Failures } from './failures.tsx'
import { FigureRow } from './figure-row.tsx'
import { timeWords } from './format-usage.ts'
import { MarkList } from './mark-list.tsx'
import { Notes } from './notes/notes.tsx'
import { NothingUsed } from './nothing-used.tsx'
import { offersQuery, type Usage, usageQuery } from './queries.ts'
import { Ranking } from './ranking.tsx'
import { Spending } from './spending/spending.tsx'
import { useTimeZone } from './time-zone.ts'
import { Timeline } from './timeline.tsx'
import { UnusedPrompts } from './unused-prompts.tsx'
import {
  type ChangeUsage,
  type Offers,
  splitOf,
  type UsageState,
  usageHref,
  usageParsers,
} from './usage-state.ts'

export interface UsageDashboardProps {
  /** The first read of the server, with its time, state and time zone. */
  first: { state: UsageState; zone: string; usage: Usage; offers: Offers; readAt: number }
  /** The prompt whose own page this is; left out on the page of everything. */
  page?: string
}

/** The dashboard of uses; range, filters and sorting live in the URL. */
export function UsageDashboard({ first, page }: UsageDashboardProps) {
  const [state, setState] = useQueryStates(usageParsers)
  useSamePageHistory()
  const own = useTimeZone(first.zone)
  const zone = state.tz ?? own
  const { reading, offering } = useUsage(first, state, zone, page)
  const usage = reading.data ?? first.usage
  const { stats } = usage
  const change: ChangeUsage = (given) => void setState(given, { history: 'push', scroll: false })
  const split = splitOf(state, page !== undefined)
  return (
    <div>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-3 print:hidden">
        <SpanBar state={state} zone={zone} own={own} shown={stats} onChange={change} page={page} />
        <FilterBar state={state} offers={offering.data ?? first.offers} onChange={change} page={page} />
      </div>
      <ReadingNote usage={usage} zone={zone} error={reading.error} onRetry={() => void reading.refetch()} />
      <div
        aria-busy={reading.isPlaceholderData}
        className={classNames(
          'flex flex-col gap-12 transition-opacity duration-150',
          reading.isPlaceholderData && 'opacity-60 delay-150',
        )}
      >
        {stats.totals.uses === 0 ? (
          <NothingUsed state={state} onChange={change} />
        ) : (
          <>
            <FigureRow stats={stats} />
            <Timeline
              usage={usage}
              zone={zone}
              split={split}
              onChange={change}
              page={page}
              prompt={page ?? state.prompt}
            />
            <Failures stats={stats} state={state} zone={zone} page={page} />
            <Ranking stats={stats} state={state} zone={zone} onChange={change} page={page} />
          </>
        )}
        <Spending state={state} zone={zone} onChange={change} page={page} />
        <Notes span={stats} prompt={page ?? state.prompt} zone={zone} />
        {page === undefined ? (
          state.prompt === null && <UnusedPrompts unused={stats.unused} zone={zone} />
        ) : (
          <MarkList name={page} marks={stats.marks} zone={zone} />
        )}
      </div>
    </div>
  )
}

/** Reads the figures and the names that the filters offer; the first read of the server is the initial data. */
function useUsage(
  first: UsageDashboardProps['first'],
  state: UsageState,
  zone: string,
  page: string | undefined,
) {
  const isFirst = zone === (first.state.tz ?? first.zone) && usageHref(state) === usageHref(first.state)
  const initial = { initialDataUpdatedAt: first.readAt }
  const reading = useQuery({
    ...usageQuery(state, zone, page),
    placeholderData: keepPreviousData,
    ...(isFirst && { initialData: first.usage, ...initial }),
  })
  const offering = useQuery({
    ...offersQuery(state, zone, page),
    placeholderData: keepPreviousData,
    ...(isFirst && { initialData: first.offers, ...initial }),
  })
  return { reading, offering }
}

/** The span with its time zone, the failure of a read, and the limits of the figures. */
function ReadingNote({
  usage: { stats },
  zone,
  error,
  onRetry,
}: {
  usage: Usage
  zone: string
  error: Error | null
  onRetry: () => void
}) {
  const { moment } = timeWords(zone)
  return (
    <div className="mb-6 flex flex-col gap-2 text-ink-faint text-xs">
      <p data-volatile data-span="">
        {moment(stats.from)} to {moment(stats.to)}, {zone} time
      </p>
      {error !== null && (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-3 rounded-lg bg-rubric-wash px-4 py-3 text-ink text-sm"
        >
          <p className="min-w-0 flex-1">
            <strong className="font-medium text-rubric">The usage could not be read. </strong>
            {error.message}
          </p>
          <Button onPress={onRetry}>Try again</Button>
        </div>
      )}
      {stats.page_reads > 0 && (
        <p data-volatile="">
          Pages of this workbench read prompts {counted(stats.page_reads, 'time')} since this instance
          started; that is not counted as use.
        </p>
      )}
      {stats.dropped > 0 && (
        <p className="text-rubric">
          These figures are too low: this instance could not keep {counted(stats.dropped, 'use')} since its
          start.
        </p>
      )}
    </div>
  )
}

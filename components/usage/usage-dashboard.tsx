'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useTimeZone } from '#components/spans/time-zone.ts'
import { classNames } from '#components/ui/class-names.ts'
import { lastingPart } from '#components/ui/part.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import type { Stats } from '#lib/usage/schema.ts'
import { FilterBar } from './bar/filter-bar.tsx'
import { SpanBar } from './bar/span-bar.tsx'
import { figureHrefs } from './figure-hrefs.ts'
import { FigureRow } from './figure-row.tsx'
import { MarkList } from './mark-list.tsx'
import { offersQuery, type Usage, usageQuery } from './queries.ts'
import { Ranking } from './ranking.tsx'
import { ReadingNote } from './reading-note.tsx'
import { Timeline } from './timeline.tsx'
import {
  type ChangeUsage,
  type Offers,
  splitOf,
  type UsageState,
  usageHref,
  usageParsers,
} from './usage-state.ts'

// Its figures come after the page, and so does it.
const Spending = dynamic(
  lastingPart(() => import('./spending/spending.tsx').then((module) => module.Spending)),
  { ssr: false, loading: () => <Skeleton className="h-64" /> },
)

// So do these.
const Notes = dynamic(
  lastingPart(() => import('./notes/notes.tsx').then((module) => module.Notes)),
  {
    ssr: false,
  },
)

const NothingUsed = dynamic(
  lastingPart(() => import('./nothing-used.tsx').then((module) => module.NothingUsed)),
)

// Most spans have none.
const Failures = dynamic(lastingPart(() => import('./failures.tsx').then((module) => module.Failures)))

// The page of a prompt has none.
const UnusedPrompts = dynamic(
  lastingPart(() => import('./unused-prompts.tsx').then((module) => module.UnusedPrompts)),
)

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
  const [hasChanged, setChanged] = useState(false)
  const change: ChangeUsage = (given) => {
    setChanged(true)
    void setState(given, { history: 'push', scroll: false })
  }
  return (
    <div>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-3 print:hidden">
        <SpanBar
          state={state}
          zone={zone}
          own={own}
          shown={stats}
          now={reading.dataUpdatedAt}
          onChange={change}
          page={page}
        />
        <FilterBar state={state} offers={offering.data ?? first.offers} onChange={change} page={page} />
      </div>
      <ReadingNote
        usage={usage}
        state={state}
        zone={zone}
        page={page}
        error={reading.error}
        onRetry={() => void reading.refetch()}
      />
      <div
        aria-busy={reading.isPlaceholderData}
        className={classNames(
          'flex flex-col gap-12 transition-opacity duration-150',
          reading.isPlaceholderData && 'opacity-60 delay-150',
        )}
      >
        <Counted
          usage={usage}
          state={state}
          zone={zone}
          page={page}
          takesFocus={hasChanged}
          onChange={change}
        />
        <Spending state={state} zone={zone} onChange={change} page={page} stats={stats} />
        <Notes span={stats} prompt={page ?? state.prompt} zone={zone} />
        <Aside stats={stats} state={state} zone={zone} page={page} />
      </div>
    </div>
  )
}

/** What nobody used; of one prompt, what changed. */
function Aside({
  stats,
  state,
  zone,
  page,
}: {
  stats: Stats
  state: UsageState
  zone: string
  page: string | undefined
}) {
  if (page !== undefined) return <MarkList name={page} marks={stats.marks} zone={zone} />
  return state.prompt === null && <UnusedPrompts stats={stats} zone={zone} />
}

interface CountedProps {
  usage: Usage
  state: UsageState
  zone: string
  page: string | undefined
  takesFocus: boolean
  onChange: ChangeUsage
}

/** What was counted in the span, or that nothing was. */
function Counted({ usage, state, zone, page, takesFocus, onChange }: CountedProps) {
  const { stats } = usage
  if (stats.totals.uses === 0)
    return <NothingUsed state={state} takesFocus={takesFocus} onChange={onChange} />
  return (
    <>
      <FigureRow usage={usage} zone={zone} hrefs={figureHrefs(state, page)} />
      <Timeline
        usage={usage}
        zone={zone}
        range={state.range}
        split={splitOf(state, page !== undefined)}
        onChange={onChange}
        page={page}
        prompt={page ?? state.prompt}
      />
      <Failures stats={stats} state={state} zone={zone} page={page} />
      <Ranking stats={stats} state={state} zone={zone} onChange={onChange} page={page} />
    </>
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

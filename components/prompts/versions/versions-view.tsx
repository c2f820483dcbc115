'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { parseAsTruth, parseAsVersion } from '#components/shell/address-parsers.ts'
import { lastingPart } from '#components/ui/part.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { LabelList } from '#lib/prompts/label-schema.ts'
import type { VersionPage } from '#lib/prompts/schema.ts'
import type { KnownComparison } from './comparison.tsx'
import type { ComparisonState } from './comparison-bar.tsx'
import { LabelCallers } from './label-callers.tsx'
import { LabelMoves } from './label-moves.tsx'
import { PastLabels } from './past-labels.tsx'
import { labelsQuery, versionPagesQuery } from './queries.ts'
import { Timeline } from './timeline.tsx'
import { VersionDialogs, type VersionTask } from './version-dialogs.tsx'

const Comparison = dynamic(
  lastingPart(async () => (await import('./comparison.tsx')).Comparison),
  {
    loading: () => <Skeleton className="h-96" />,
  },
)

const ADDRESS = {
  from: parseAsVersion,
  to: parseAsVersion,
  view: parseAsStringLiteral(['split', 'unified'] as const).withDefault('split'),
  space: parseAsTruth.withDefault(true),
}

export interface VersionsViewProps {
  name: string
  versions: VersionPage
  labels: LabelList
  /** The comparison that the address asks for; undefined when there is none, or not of these versions. */
  compared: KnownComparison | undefined
  /** The server's clock, in milliseconds. */
  now: number
}

/** The history of a prompt, or two of its versions compared; the address says which. */
export function VersionsView({ name, versions, labels, compared, now }: VersionsViewProps) {
  const pages = useInfiniteQuery({
    ...versionPagesQuery(name),
    initialData: { pages: [versions], pageParams: [null] },
  })
  const { data: labelList } = useQuery({ ...labelsQuery(name), initialData: labels })
  const [address, setAddress] = useQueryStates(ADDRESS, { history: 'push' })
  useSamePageHistory()
  const [task, setTask] = useState<VersionTask>()
  const items = pages.data.pages.flatMap((page) => page.items)
  const latest = items[0]?.version ?? 1
  const { from, to, view, space } = address
  const change = ({ ignoreSpace, ...rest }: Partial<ComparisonState>) =>
    void setAddress({ ...rest, ...(ignoreSpace === undefined ? {} : { space: !ignoreSpace }) })
  const labelsOf = (version: number) =>
    labelList.items.flatMap((state) => (state.version === version ? [state.label] : []))
  const production = labelList.items.find(({ label }) => label === PRODUCTION)?.version
  return (
    <>
      {from !== null && to !== null ? (
        <Comparison
          name={name}
          state={{ from, to, view, ignoreSpace: !space }}
          known={compared}
          latest={latest}
          labelsOf={labelsOf}
          onChange={change}
          onBack={() => void setAddress({ from: null, to: null })}
          production={production}
          onTask={setTask}
        />
      ) : (
        <div className="grid gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <Timeline
            name={name}
            versions={items}
            production={production}
            more={
              pages.hasNextPage
                ? { load: () => void pages.fetchNextPage(), isLoading: pages.isFetchingNextPage }
                : undefined
            }
            firstNow={now}
            onCompare={(older, newer) => void setAddress({ from: older, to: newer })}
            onTask={setTask}
          />
          <div className="grid min-w-0 content-start gap-y-12">
            <PastLabels name={name} events={labelList.events} labels={labelList.items} />
            {production !== undefined && <LabelCallers name={name} latest={latest} firstNow={now} />}
            <LabelMoves events={labelList.events} firstNow={now} />
          </div>
        </div>
      )}
      <VersionDialogs name={name} task={task} onClose={() => setTask(undefined)} />
    </>
  )
}

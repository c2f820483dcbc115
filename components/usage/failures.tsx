'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { FileLinks } from '#components/rows/file-links.tsx'
import { timeWords } from '#components/spans/time-words.ts'
import { Button } from '#components/ui/button.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import type { Stats } from '#lib/usage/schema.ts'
import { DataTable, type ShownColumn } from './data-table.tsx'
import { formatCount, NONE } from './format-usage.ts'
import { NO_CLIENT_NAME } from './names.ts'
import { RANKING_ROWS, reasonCountQuery } from './queries.ts'
import { reasonWords } from './reason-words.ts'
import { tableFileHref, type UsageState, usageHref } from './usage-state.ts'
import { usesHref } from './uses/uses-state.ts'

type Failure = Stats['failures'][number]

/** The others are shown when somebody wants them: a table that scrolls within the page looks as if it were whole. */
const FIRST_ROWS = 10

/** Why uses failed, most often first; each leads to the uses behind it. */
export function Failures({
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
  const [isWhole, setIsWhole] = useState(false)
  if (stats.totals.failed === 0) return null
  const rows = stats.failures.map((failure, index) => ({ ...failure, key: String(index) }))
  const shown = isWhole ? rows : rows.slice(0, FIRST_ROWS)
  const columns = columnsOf(state, zone, page)
  const { from, to } = stats
  const name = 'Why uses failed'
  return (
    <section aria-labelledby="failures-heading">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="failures-heading" className="font-serif text-2xl">
          {name}
        </h2>
        <Link
          href={usesHref(state, { ...narrowing(state, page), failed: true })}
          prefetch={false}
          className="inline-block min-h-6 content-center text-lapis text-sm underline-offset-4 hover:underline"
        >
          All {formatCount(stats.totals.failed)} that failed
        </Link>
        <div className="-mr-2 ml-auto flex print:hidden">
          <FileLinks
            name={name}
            hrefOf={(format) => tableFileHref('/api/stats/failures', state, { from, to, page, format })}
          />
        </div>
      </div>
      <ScrollRegion name={`${name}, table`} className="overflow-x-auto">
        <DataTable name={name} columns={columns} rows={shown} rowKey={({ key }) => key} />
      </ScrollRegion>
      {rows.length > FIRST_ROWS && (
        <Button look="quiet" className="mt-2 -ml-2 print:hidden" onPress={() => setIsWhole(!isWhole)}>
          {isWhole ? `Show the first ${FIRST_ROWS}` : `Show all ${rows.length} rows`}
        </Button>
      )}
      <OtherReasons stats={stats} state={state} page={page} />
    </section>
  )
}

/** How many reasons there are beyond those that are shown; counted after the page, which does not wait for it. */
function OtherReasons({ stats, state, page }: { stats: Stats; state: UsageState; page: string | undefined }) {
  const shown = stats.failures.length
  const { data: reasons } = useQuery({
    ...reasonCountQuery(stats, state, page),
    enabled: shown >= RANKING_ROWS,
  })
  if (reasons === undefined || (!reasons.more && reasons.count <= shown)) return null
  const count = formatCount(reasons.count)
  return (
    <p className="mt-2 text-ink-faint text-xs">
      These are the {formatCount(shown)} most frequent of {reasons.more ? `more than ${count}` : count}{' '}
      reasons; the files have {reasons.more ? `the first ${count}` : 'all'}.
    </p>
  )
}

const narrowing = ({ prompt, version, surface, client }: UsageState, page: string | undefined) => ({
  prompt: page ?? prompt,
  version,
  surface,
  client,
})

function columnsOf(state: UsageState, zone: string, page: string | undefined): ShownColumn<Failure>[] {
  const { moment } = timeWords(zone)
  return [
    {
      key: 'reason',
      name: 'Reason',
      value: reasonWords,
      show: (failure) => <span className="[overflow-wrap:anywhere]">{reasonWords(failure)}</span>,
    },
    {
      key: 'count',
      name: 'Uses',
      value: ({ count }) => count,
      show: (failure) => <CountLink failure={failure} state={state} page={page} />,
      isNumber: true,
    },
    ...(page === undefined
      ? [
          {
            key: 'prompt',
            name: 'Prompt',
            value: ({ prompt }: Failure) => prompt ?? NONE,
            show: ({ prompt }: Failure) =>
              prompt === null ? NONE : <PromptLink prompt={prompt} state={state} />,
          },
        ]
      : []),
    {
      key: 'version',
      name: 'Version',
      value: ({ version }) => version,
      show: ({ version, since_version: since }) =>
        version === null
          ? NONE
          : since === null || since === version
            ? `v${version}`
            : `v${version}, since v${since}`,
    },
    { key: 'label', name: 'Label', value: ({ label }) => label ?? NONE },
    { key: 'client', name: 'Client', value: ({ client }) => client ?? NO_CLIENT_NAME },
    {
      key: 'last_at',
      name: 'Last time',
      value: ({ last_at: at }) => at,
      show: ({ last_at: at }) => <time dateTime={at}>{moment(at)}</time>,
      isNumber: true,
    },
  ]
}

interface LinkProps {
  failure: Failure
  state: UsageState
  page: string | undefined
}

/** How often something failed, which leads to these uses. */
function CountLink({ failure, state, page }: LinkProps) {
  const { prompt, version, label, client, code, variable, asked, count } = failure
  const narrowed = { prompt, version, label, client: client ?? '', code, variable, asked }
  return (
    <Link
      href={usesHref(state, { ...narrowing(state, page), ...narrowed })}
      prefetch={false}
      aria-label={`${formatCount(count)} uses: ${reasonWords(failure)}`}
      className="inline-block min-h-6 content-center rounded text-rubric underline-offset-4 hover:underline"
    >
      {formatCount(count)}
    </Link>
  )
}

/** A prompt, whose own page has the same span. */
function PromptLink({ prompt, state: { range, from, to, tz } }: { prompt: string; state: UsageState }) {
  return (
    <Link
      href={usageHref({ range, from, to, tz }, prompt)}
      prefetch={false}
      className="inline-block min-h-6 content-center text-lapis underline-offset-4 hover:underline"
    >
      {prompt}
    </Link>
  )
}

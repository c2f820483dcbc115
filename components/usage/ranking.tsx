'use client'

import Link from 'next/link'
import { formatCost } from '#components/generations/format-generation.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Segments } from '#components/ui/segments.tsx'
import { RANKING_ROWS_MAX } from '#lib/usage/rules.ts'
import type { Stats } from '#lib/usage/schema.ts'
import { BrokenName, DataTable, type ShownColumn, TableFiles } from './data-table.tsx'
import { formatCount, formatMs, formatShare, NONE } from './format-usage.ts'
import { RANK_NAMES } from './names.ts'
import { RANKING_ROWS, readRankings } from './queries.ts'
import { DEFAULT_SORT, nextSort, type RankedRow, rankedRows, sortKeyOf, sortRows } from './ranking-rows.ts'
import {
  type ChangeUsage,
  RANKS,
  type Rank,
  SORT_KEYS,
  toStatsQuery,
  type UsageState,
  usageHref,
} from './usage-state.ts'
import { usesHref } from './uses/uses-state.ts'

interface RankingProps {
  stats: Stats
  state: UsageState
  zone: string
  onChange: ChangeUsage
  page: string | undefined
}

/** The most used of one of four kinds; the names are links. */
export function Ranking({ stats, state, zone, onChange, page }: RankingProps) {
  const ranks = RANKS.filter((rank) => page === undefined || rank !== 'prompt')
  const rank = ranks.find((each) => each === state.rank) ?? (page === undefined ? 'prompt' : 'version')
  const sort = state.sort ?? DEFAULT_SORT
  const rows = sortRows(rankedRows(stats, rank), sort)
  const columns = columnsOf({ rank, state, zone, page, most: Math.max(0, ...rows.map(({ uses }) => uses)) })
  const name = `Usage by ${rank}`
  const isCut = rows.length >= RANKING_ROWS
  const readMore = async () => {
    const asked = page === undefined ? state : { ...state, prompt: page }
    return sortRows(rankedRows(await readRankings(toStatsQuery(asked, stats)), rank), sort)
  }
  return (
    <section aria-labelledby="ranking-heading">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="ranking-heading" className="font-serif text-2xl">
          Most used
        </h2>
        <Segments
          name="Rank"
          segments={ranks.map((each) => ({ id: each, label: RANK_NAMES[each] }))}
          value={rank}
          onChange={(chosen) => onChange({ rank: chosen as Rank })}
        />
        <div className="-mr-2 ml-auto print:hidden">
          <TableFiles
            name={name}
            fileName={`${page ?? 'usage'}-by-${rank}`}
            columns={columns}
            rows={rows}
            more={isCut ? { most: RANKING_ROWS_MAX, read: readMore } : undefined}
          />
        </div>
      </div>
      <ScrollRegion name={`${name}, table`} className="min-h-32 overflow-x-auto">
        <DataTable
          name={name}
          columns={columns}
          rows={rows}
          rowKey={({ key }) => key}
          sort={{
            ...sortKeyOf(sort),
            onSort: (key) => {
              const pressed = SORT_KEYS.find((each) => each === key)
              if (pressed) onChange({ sort: nextSort(sort, pressed) })
            },
          }}
        />
      </ScrollRegion>
      {isCut && (
        <p className="mt-2 text-ink-faint text-xs">
          These are the {RANKING_ROWS} most used; the files have up to {RANKING_ROWS_MAX}.
        </p>
      )}
    </section>
  )
}

interface ColumnsOf {
  rank: Rank
  state: UsageState
  zone: string
  page: string | undefined
  /** Uses of the most used, which a full bar stands for. */
  most: number
}

function columnsOf({ rank, state, zone, page, most }: ColumnsOf): ShownColumn<RankedRow>[] {
  const { moment } = timeWords(zone)
  return [
    {
      key: 'name',
      name: RANK_NAMES[rank].slice(0, -1),
      value: ({ name }) => name,
      show: (row) => (
        <Link
          href={hrefOf(row, state, page)}
          scroll={row.prompt !== undefined && page === undefined}
          prefetch={false}
          className="inline-block min-h-6 content-center rounded [overflow-wrap:anywhere] text-lapis underline-offset-4 hover:underline"
        >
          <BrokenName name={row.name} />
        </Link>
      ),
    },
    {
      key: 'uses',
      name: 'Uses',
      value: ({ uses }) => uses,
      show: ({ uses }) => <UsesBar uses={uses} most={most} />,
      isNumber: true,
    },
    counted('renders', 'Renders', (row) => row.renders),
    counted('gets', 'Gets', (row) => row.gets),
    counted('tool_calls', 'Tool calls', (row) => row.tool_calls),
    {
      key: 'failed',
      name: 'Failed',
      value: ({ failed }) => failed,
      show: (row) => (row.failed === 0 ? '0' : <FailedLink row={row} state={state} page={page} />),
      isNumber: true,
    },
    SUCCESS,
    timed('p50', 'Median', (row) => row.p50_ms),
    timed('p95', '95th percentile', (row) => row.p95_ms),
    {
      key: 'cost',
      name: 'Cost',
      value: ({ cost }) => cost,
      show: ({ cost }) => formatCost(cost),
      isNumber: true,
    },
    {
      key: 'last',
      name: 'Last used',
      value: (row) => row.last_used_at,
      show: ({ last_used_at: at }) => (at === null ? NONE : <time dateTime={at}>{moment(at)}</time>),
      isNumber: true,
    },
  ]
}

const SUCCESS: ShownColumn<RankedRow> = {
  key: 'success',
  name: 'Success',
  value: (row) => row.success_rate,
  show: (row) => formatShare(row.success_rate),
  isNumber: true,
}

/** A prompt leads to its own page of usage, the others filter this one. */
function hrefOf(row: RankedRow, state: UsageState, page: string | undefined): string {
  if (page !== undefined && row.version !== undefined)
    return usageHref({ ...state, prompt: null, version: row.version }, page)
  const { range, from, to, tz, compare } = state
  if (row.prompt !== undefined)
    return usageHref({ range, from, to, tz, compare, version: row.version ?? null }, row.prompt)
  const narrowed = row.client === undefined ? { surface: row.surface ?? null } : { client: row.client }
  return usageHref({ ...state, ...(page === undefined ? {} : { prompt: null }), ...narrowed }, page)
}

/** The uses behind a number that failed. */
function FailedLink({ row, state, page }: Pick<RankingProps, 'state' | 'page'> & { row: RankedRow }) {
  const prompt = row.prompt ?? page ?? state.prompt
  const narrowed = {
    prompt,
    version: prompt === null ? null : (row.version ?? state.version),
    surface: row.surface ?? state.surface,
    client: row.client ?? state.client,
  }
  return (
    <Link
      href={usesHref(state, { ...narrowed, failed: true })}
      prefetch={false}
      aria-label={`${formatCount(row.failed)} uses of ${row.name} that failed`}
      className="inline-block min-h-6 content-center rounded text-rubric underline-offset-4 hover:underline"
    >
      {formatCount(row.failed)}
    </Link>
  )
}

function UsesBar({ uses, most }: { uses: number; most: number }) {
  return (
    <span className="flex items-center justify-end gap-3">
      <span aria-hidden="true" className="hidden h-1.5 w-24 rounded-full bg-hover md:block">
        <span
          className="block h-full rounded-full bg-(--series-1)"
          style={{ width: `${most === 0 ? 0 : Math.max(2, (uses / most) * 100)}%` }}
        />
      </span>
      <span className="min-w-10">{formatCount(uses)}</span>
    </span>
  )
}

function counted(key: string, name: string, value: (row: RankedRow) => number): ShownColumn<RankedRow> {
  return { key, name, value, show: (row) => formatCount(value(row)), isNumber: true }
}

function timed(key: string, name: string, value: (row: RankedRow) => number | null): ShownColumn<RankedRow> {
  return { key, name, value, show: (row) => formatMs(value(row)), isNumber: true }
}

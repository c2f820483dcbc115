import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { formatCost } from '#components/generations/format-generation.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { call } from '#lib/rest/client.ts'
import type { SpendingQuota } from '#lib/usage/spending-schema.ts'
import { scaleTo } from '../charts/scale.ts'
import type { Series, TimeLine } from '../charts/series.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import type { ShownColumn } from '../data-table.tsx'
import { formatCount, timeWords } from '../format-usage.ts'
import { monthStart, type QuotaDay, quotaMonth } from './quota-month.ts'

const REFRESH_MS = 60_000
const { day: dayWords } = timeWords('UTC')

const nameOf = ({ configuration, quota }: SpendingQuota) =>
  quota === 'cost' ? configuration : `${configuration}, tokens`

/** The month that runs against a quota, as lines: what is used, how it goes on, and where the quota ends it. */
export function QuotaChart({ quotas }: { quotas: readonly SpendingQuota[] }) {
  const [chosen, choose] = useState<string>()
  const tightest = quotas.toSorted((a, b) => shareOf(b) - shareOf(a))[0]
  const quota = quotas.find((each) => nameOf(each) === chosen) ?? tightest
  const reading = useQuery({
    queryKey: ['quota-month', quota?.configuration],
    queryFn: async ({ signal }) => {
      const now = new Date()
      const asked = { from: monthStart(now).toISOString(), interval: 'day', limit: 1 } as const
      const query = { ...asked, ...(quota && { configuration: quota.configuration }) }
      return { now, points: (await call('GET /api/stats/spending', { query, signal })).points }
    },
    enabled: quota !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
  if (quota === undefined || reading.data === undefined) return null
  return (
    <Drawn quota={quota} read={reading.data}>
      {quotas.length > 1 && (
        <Select
          aria-label="Quota"
          className="w-48"
          choices={quotas.map((each) => ({ id: nameOf(each), label: nameOf(each) }))}
          value={nameOf(quota)}
          onChange={choose}
        />
      )}
    </Drawn>
  )
}

const shareOf = ({ used, expected, limit }: SpendingQuota) => (limit === 0 ? 0 : (expected ?? used) / limit)

function Drawn({
  quota,
  read: { now, points },
  children,
}: {
  quota: SpendingQuota
  read: { now: Date; points: Parameters<typeof quotaMonth>[1] }
  children: React.ReactNode
}) {
  const [at, move] = useState<number | null>(null)
  const days = useMemo(() => quotaMonth(quota, points, now), [quota, points, now])
  const line = useMemo(() => lineOf(days), [days])
  const series = useMemo(() => seriesOf(quota, days), [quota, days])
  const format = (value: number | null) =>
    value === null ? '–' : quota.quota === 'cost' ? formatCost(value) : formatCount(Math.round(value))
  const most = Math.max(quota.limit, quota.used, quota.expected ?? 0)
  return (
    <TimeChart
      title="Quota of the month"
      kind="lines"
      line={line}
      cursor={{ at, move }}
      series={series}
      scale={scaleTo(most)}
      format={format}
      rows={days}
      rowKey={({ time }) => time}
      columns={columnsOf(format)}
      fileName={`quota-${quota.configuration}-${quota.quota}-${days[0]?.time.slice(0, 7) ?? ''}`}
    >
      {children}
    </TimeChart>
  )
}

function lineOf(days: readonly QuotaDay[]): TimeLine {
  const names = days.map(({ time }) => dayWords(time))
  return { names, ticks: names, marks: [], happened: days.map(() => undefined) }
}

function seriesOf(
  { configuration, limit, used, expected }: SpendingQuota,
  days: readonly QuotaDay[],
): Series[] {
  return [
    {
      key: 'used',
      name: `${configuration}, used`,
      color: 'var(--series-1)',
      values: days.map((day) => day.used),
      whole: used,
    },
    ...(expected === null
      ? []
      : [
          {
            key: 'expected',
            name: 'Expected',
            color: 'var(--series-1)',
            dash: '1 4',
            values: days.map((day) => day.expected),
            whole: expected,
          },
        ]),
    {
      key: 'limit',
      name: 'Quota',
      color: 'var(--series-2)',
      dash: '4 3',
      values: days.map((day) => day.limit),
      whole: limit,
    },
  ]
}

function columnsOf(format: (value: number | null) => string): ShownColumn<QuotaDay>[] {
  const figure = (key: 'used' | 'expected' | 'limit', name: string): ShownColumn<QuotaDay> => ({
    key,
    name,
    value: (day) => day[key],
    show: (day) => format(day[key]),
    isNumber: true,
  })
  return [
    { key: 'time', name: 'Day (UTC)', value: ({ time }) => time, show: ({ time }) => dayWords(time) },
    figure('used', 'Used'),
    figure('expected', 'Expected'),
    figure('limit', 'Quota'),
  ]
}

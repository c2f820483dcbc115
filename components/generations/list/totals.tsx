'use client'

import { useQuery } from '@tanstack/react-query'
import { useNews } from '#components/changes/use-news.ts'
import { classNames } from '#components/ui/class-names.ts'
import { formatNumber } from '#components/ui/format.ts'
import type { GenerationTotals } from '#lib/generations/schema.ts'
import type { ListQuery } from '../filters.ts'
import { formatCost } from '../format-generation.ts'
import { totalsQuery } from '../queries.ts'

/** Sums look at every generation: they rest longer than the list. */
const REST_MS = 5_000

/** The sums over everything that the filters leave, above the list. */
export function Totals({ query, isLive }: { query: ListQuery; isLive: boolean }) {
  const { data, error, refetch, isPlaceholderData } = useQuery(totalsQuery(query))
  useNews('generations', async () => isLive && query.q === undefined && refetch(), REST_MS)
  if (query.q !== undefined)
    return (
      <p className={LINE}>
        Words are looked for a few thousand at a time, so what they find is not summed up.
      </p>
    )
  if (error !== null) return <p className={LINE}>The sums could not be read: {error.message}</p>
  return (
    <section aria-label="Totals" aria-busy={data === undefined || isPlaceholderData} className={LINE}>
      {data === undefined ? (
        'Adding up …'
      ) : (
        <dl className={classNames('flex flex-wrap gap-x-5 gap-y-1', isPlaceholderData && 'opacity-60')}>
          {figuresOf(data).map(({ name, value, tone }) => (
            <div key={name} className="flex items-baseline gap-1.5">
              <dt className="text-ink-faint">{name}</dt>
              <dd className={classNames('font-medium', tone ?? 'text-ink')}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

const LINE = 'mb-2 flex min-h-6 items-center text-ink-soft text-sm tabular-nums'

interface Figure {
  name: string
  value: string
  tone?: string
}

function figuresOf({
  count,
  counts,
  cost,
  input_tokens: input,
  output_tokens: output,
}: GenerationTotals): Figure[] {
  const open = counts.queued + counts.running
  return [
    { name: 'Generations', value: formatNumber(count) },
    failedOf(counts.failed, counts.failed + counts.succeeded),
    ...(open === 0 ? [] : [{ name: 'Unfinished', value: formatNumber(open) }]),
    { name: 'Cost', value: formatCost(cost) },
    { name: 'Tokens in', value: formatNumber(input) },
    { name: 'Tokens out', value: formatNumber(output) },
  ]
}

/** A share is told only where it is one of more than a few. */
const LEAST_FOR_SHARE = 20

function failedOf(failed: number, ended: number): Figure {
  const share = ended < LEAST_FOR_SHARE ? '' : ` (${((100 * failed) / ended).toFixed(1)}%)`
  return {
    name: 'Failed',
    value: `${formatNumber(failed)}${failed === 0 ? '' : share}`,
    ...(failed > 0 && { tone: 'text-rubric' }),
  }
}

'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { useId } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { LabelEvent } from '#lib/prompts/label-schema.ts'
import type { LabelState } from '#lib/prompts/schema.ts'
import { parseAsMoment } from './moment-parser.ts'
import { labelsAtQuery } from './queries.ts'

/**
 * What the labels said at a moment. The slider stops at each of the last moves and ends with now; the address keeps
 * the moment, also one between two moves.
 */
export function PastLabels({
  name,
  events,
  labels,
}: {
  name: string
  events: readonly LabelEvent[]
  /** As they are now. */
  labels: readonly LabelState[]
}) {
  const id = useId()
  const [at, setAt] = useQueryState('at', parseAsMoment.withOptions({ history: 'replace' }))
  const stops = [...new Set(events.map((event) => event.occurred_at))].toSorted()
  const place = at === null ? stops.length : stops.filter((stop) => stop <= at).length - 1
  const past = useQuery({
    ...labelsAtQuery(name, at ?? ''),
    enabled: at !== null,
    placeholderData: keepPreviousData,
  })
  if (stops.length < 2) return null
  const said = at === null ? labels : past.data?.items
  const when = at === null ? 'now' : formatMoment(at)
  return (
    <section aria-labelledby={`${id}-heading`} className="min-w-0">
      <h2 id={`${id}-heading`} className="mb-2 font-serif text-xl">
        What labels said
      </h2>
      <div className="border-line border-y py-3">
        <input
          type="range"
          aria-labelledby={`${id}-heading`}
          aria-valuetext={when}
          min={0}
          max={stops.length}
          step={1}
          value={Math.max(0, place)}
          onChange={({ target }) => void setAt(stops[target.valueAsNumber] ?? null)}
          className="h-6 w-full cursor-pointer accent-(--fill)"
        />
        <p className="mt-1 text-sm">{at === null ? 'Now' : <time dateTime={at}>{when}</time>}</p>
        <Said labels={said} problem={at === null ? undefined : past.error?.message} />
        {at !== null && (
          <p className="mt-3 text-ink-faint text-xs [overflow-wrap:anywhere]">
            Read and render it so:{' '}
            <a className="underline" href={`/api/prompts/${name}?at=${encodeURIComponent(at)}`}>
              /api/prompts/{name}?at={at}
            </a>
          </p>
        )}
      </div>
    </section>
  )
}

/** The labels of one moment; undefined: they are being read. */
function Said({
  labels,
  problem,
}: {
  labels: readonly LabelState[] | undefined
  problem: string | undefined
}) {
  if (problem !== undefined) return <p className="mt-2 text-rubric text-sm">{problem}</p>
  if (labels === undefined) return <p className="mt-2 text-ink-faint text-sm">Reading …</p>
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-2 text-sm">
      {labels.map(({ label, version }) => (
        <li key={label} className="flex items-center gap-1.5">
          <Badge tone={label === PRODUCTION ? 'rubric' : 'lapis'}>{label}</Badge>
          <span className="font-mono">v{version}</span>
        </li>
      ))}
      {labels.length === 0 && <li className="text-ink-soft">No label was set then.</li>}
    </ul>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { useMay } from '#components/access/person.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { counted, formatAgo, formatMoment } from '#components/ui/format.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useNow } from '#components/ui/use-now.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { Caller } from '#lib/prompts/impact/schema.ts'
import { failureText } from './change-failure.ts'
import { impactQuery } from './queries.ts'

/** So many callers are shown at first. */
const SHOWN = 8

/** Who gets what `production` names, with which variables, and whom the newest version would refuse. */
export function LabelCallers({ name, latest, firstNow }: { name: string; latest: number; firstNow: number }) {
  const mayRead = useMay('usage:read')
  const { data: impact, error } = useQuery({
    ...impactQuery(name, PRODUCTION, latest),
    enabled: mayRead,
  })
  const now = useNow(firstNow)
  if (!mayRead) return null
  return (
    <section aria-labelledby="callers-heading" className="min-w-0">
      <h2 id="callers-heading" className="mb-2 font-serif text-xl">
        Who gets production
      </h2>
      {impact === undefined && error !== null ? (
        <p className="border-line border-t py-4 text-rubric text-sm">{failureText(error)}</p>
      ) : impact === undefined ? (
        <Skeleton className="h-16" />
      ) : impact.callers.length === 0 ? (
        <p className="border-line border-t py-4 text-ink-soft text-sm">
          Nobody has asked for it since {impact.since.slice(0, 10)}.
        </p>
      ) : (
        <>
          <ol className="divide-y divide-line border-line border-y">
            {impact.callers.slice(0, SHOWN).map((caller) => (
              <CallerItem
                key={`${caller.client} ${caller.actor.id} ${caller.surface}`}
                caller={caller}
                newest={impact.to === impact.from ? undefined : impact.to}
                now={now}
              />
            ))}
          </ol>
          <p className="mt-2 text-ink-faint text-xs">
            {counted(impact.uses, 'use')} since {impact.since.slice(0, 10)}
            {impact.callers.length > SHOWN &&
              `; ${counted(impact.callers.length + impact.callers_left_out - SHOWN, 'other caller')}`}
            .
          </p>
        </>
      )}
    </section>
  )
}

function CallerItem({ caller, newest, now }: { caller: Caller; newest: number | undefined; now: number }) {
  const { name, uses, failed, last_used_at: at, variables, breaks } = caller
  return (
    <li className="py-3 text-sm">
      <p className="[overflow-wrap:anywhere]">{name}</p>
      <p className="mt-1 text-ink-faint text-xs">
        {counted(uses, 'use')}
        {failed > 0 && `, ${failed} failed`} ·{' '}
        <time dateTime={at} title={formatMoment(at)}>
          {formatAgo(at, now)}
        </time>
      </p>
      {variables.length > 0 && (
        <p className="mt-1 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">
          {variables.join(', ')}
        </p>
      )}
      {newest !== undefined && breaks.length > 0 && (
        <p className="mt-1.5">
          <Badge tone="rubric">v{newest} would refuse it</Badge>{' '}
          <span className="text-ink-soft text-xs">for {breaks.join(', ')}</span>
        </p>
      )}
    </li>
  )
}

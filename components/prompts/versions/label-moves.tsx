'use client'

import { Badge } from '#components/ui/badge.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { useNow } from '#components/ui/use-now.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { LabelEvent } from '#lib/prompts/label-schema.ts'

/** The last moves of labels, with time and author; every move is in the audit log. */
export function LabelMoves({ events, firstNow }: { events: readonly LabelEvent[]; firstNow: number }) {
  const now = useNow(firstNow)
  return (
    <section aria-labelledby="moves-heading" className="min-w-0">
      <h2 id="moves-heading" className="mb-2 font-serif text-xl">
        Label moves
      </h2>
      {events.length === 0 ? (
        <p className="border-line border-t py-4 text-ink-soft text-sm">No label was set yet.</p>
      ) : (
        <ol className="divide-y divide-line border-line border-y">
          {events.map(({ id, label, from_version: from, to_version: to, author, occurred_at: at }) => (
            <li key={id} className="py-3 text-sm">
              <p className="flex flex-wrap items-center gap-2">
                <Badge tone={label === PRODUCTION ? 'rubric' : 'lapis'}>{label}</Badge>
                <span>{moveText(from, to)}</span>
              </p>
              <p className="mt-1 text-ink-faint text-xs">
                <time dateTime={at} title={formatMoment(at)}>
                  {formatAgo(at, now)}
                </time>{' '}
                · {author.display}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function moveText(from: number | null, to: number | null): string {
  if (to === null) return `removed from v${from}`
  return from === null ? `set on v${to}` : `moved from v${from} to v${to}`
}

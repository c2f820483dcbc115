'use client'

import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import type { AlertEvent } from '#lib/alerts/schema.ts'

/** What fired, with the way to the page that shows it. */
export function EventLine({
  event,
  now,
  isUnread = false,
  onFollow,
}: {
  event: AlertEvent
  now: number
  isUnread?: boolean
  onFollow?: () => void
}) {
  const { rule, state, summary, href, fired_at: fired, resolved_at: resolved } = event
  const isMoment = resolved === fired
  return (
    <div className="min-w-0 flex-1">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
        <Link
          href={href}
          onClick={onFollow}
          className="rounded [overflow-wrap:anywhere] underline-offset-4 hover:text-rubric hover:underline"
        >
          {rule.name}
        </Link>
        {state === 'firing' && <Badge tone="rubric">firing</Badge>}
        {isUnread && <Badge tone="lapis">new</Badge>}
      </p>
      <p className="mt-0.5 text-ink-soft text-sm [overflow-wrap:anywhere]">{summary}</p>
      <p className="mt-0.5 text-ink-faint text-xs" data-volatile>
        <time dateTime={fired} title={formatMoment(fired)}>
          {formatAgo(fired, now)}
        </time>
        {resolved !== null && !isMoment && (
          <>
            , over{' '}
            <time dateTime={resolved} title={formatMoment(resolved)}>
              {formatAgo(resolved, now)}
            </time>
          </>
        )}
      </p>
    </div>
  )
}

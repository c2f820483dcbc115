'use client'

import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { ListFailure, MorePages } from '#components/rows/more-rows.tsx'
import { Button } from '#components/ui/button.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { AlertEvent, AlertEventPage } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { EventLine } from './event-line.tsx'
import { ALERTS, eventPagesQuery } from './queries.ts'

/** What fired, the newest first. */
export function AlertHistory({ first, readAt }: { first: AlertEventPage; readAt: number }) {
  const now = useNow(readAt)
  const pages = useInfiniteQuery({
    ...eventPagesQuery,
    initialData: { pages: [first], pageParams: [null] } satisfies InfiniteData<AlertEventPage, string | null>,
    initialDataUpdatedAt: readAt,
  })
  const events = pages.data.pages.flatMap(({ items }) => items)
  return (
    <section aria-labelledby="alert-history" className="mt-12">
      <h2 id="alert-history" className="border-line border-b pb-4 font-serif text-2xl">
        What fired
      </h2>
      {pages.error && <ListFailure error={pages.error} onRetry={() => void pages.refetch()} />}
      {events.length === 0 && <p className="py-6 text-ink-soft">Nothing has fired yet.</p>}
      <ul className="divide-y divide-line">
        {events.map((event) => (
          <li key={event.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
            <EventLine event={event} now={now} />
            <Acknowledge event={event} />
          </li>
        ))}
      </ul>
      <MorePages pages={pages} />
    </section>
  )
}

function Acknowledge({ event: { id, state, rule, acknowledged_by: by } }: { event: AlertEvent }) {
  const attempt = useAttempt(ALERTS)
  if (by !== null) return <span className="text-ink-faint text-xs">{by.display} looks after it</span>
  if (state === 'resolved') return null
  const acknowledge = () =>
    attempt(
      () => call('POST /api/alerts/events/{id}/acknowledge', { params: { id } }),
      'It was not acknowledged.',
    )
  return (
    <Button aria-label={`Acknowledge ${rule.name}`} onPress={() => void acknowledge()}>
      Acknowledge
    </Button>
  )
}

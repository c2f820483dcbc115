'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import Link from 'next/link'
import { useMay } from '#components/access/person.tsx'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { Button } from '#components/ui/button.tsx'
import { PopoverDialog } from '#components/ui/overlays/popover-dialog.tsx'
import type { PopupProps } from '#components/ui/overlays/use-popup.ts'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { Bell } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { EventLine } from './event-line.tsx'
import { bellQuery } from './queries.ts'

/** What fired, in a small dialog below the bell. */
export function BellPanel({
  popup,
  reading: { data: bell, dataUpdatedAt: readAt, error, refetch },
}: {
  popup: PopupProps
  reading: Pick<UseQueryResult<Bell>, 'data' | 'dataUpdatedAt' | 'error' | 'refetch'>
}) {
  const maySet = useMay('settings:write')
  return (
    <PopoverDialog popup={popup} placement="bottom end" label="Alerts" className="w-96 max-w-full">
      <div className="flex items-center justify-between gap-3 px-3 py-2">
        <h2 className="font-serif text-xl">Alerts</h2>
        <MarkRead bell={bell} />
      </div>
      {error !== null && (
        <p role="alert" className="border-line border-t px-3 py-3 text-rubric text-sm">
          The alerts could not be read. {error.message}{' '}
          <Button look="quiet" onPress={() => void refetch()}>
            Try again
          </Button>
        </p>
      )}
      {bell === undefined || bell.items.length === 0 ? (
        <p className="border-line border-t px-3 py-4 text-ink-soft text-sm">
          {bell !== undefined ? 'Nothing has fired.' : error === null && 'Looking…'}
        </p>
      ) : (
        <Items bell={bell} readAt={readAt} onFollow={popup.onClose} />
      )}
      {maySet && (
        <p className="border-line border-t px-3 py-2 text-sm">
          <Link
            href="/settings/alerts"
            onClick={popup.onClose}
            className="rounded text-lapis underline underline-offset-4"
          >
            Rules and history
          </Link>
        </p>
      )}
    </PopoverDialog>
  )
}

function Items({
  bell: { items, read_at: seenAt },
  readAt,
  onFollow,
}: {
  bell: Bell
  readAt: number
  onFollow: () => void
}) {
  const now = useNow(readAt)
  return (
    <ScrollRegion name="What fired" className="max-h-[60dvh] overflow-y-auto border-line border-t">
      <ul className="divide-y divide-line">
        {items.map((event) => (
          <li key={event.id} className="px-3 py-2.5">
            <EventLine
              event={event}
              now={now}
              isUnread={seenAt === null || event.recorded_at > seenAt}
              onFollow={onFollow}
            />
          </li>
        ))}
      </ul>
    </ScrollRegion>
  )
}

function MarkRead({ bell }: { bell: Bell | undefined }) {
  const attempt = useAttempt(bellQuery.queryKey)
  const until = bell?.newest_at ?? null
  if (bell === undefined || until === null) return null
  const isRead = bell.unread === 0
  const mark = () =>
    attempt(() => call('POST /api/alerts/events/read', { body: { until } }), 'They are not marked as read.')
  // It stays: with the button the focus would go.
  return (
    <Button look="quiet" onPress={() => !isRead && void mark()}>
      {isRead ? 'All read' : 'Mark as read'}
    </Button>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import Link from 'next/link'
import { useRef, useState } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { useNow } from '#components/ui/use-now.ts'
import type { ImportDetail } from '#lib/transfer/schema.ts'
import { importQuery } from '../requests.ts'
import { ItemTable } from '../table/item-table.tsx'
import { Unread } from '../unread.tsx'
import { countWords } from './count-words.ts'
import { UndoDialog } from './undo-dialog.tsx'

/** What came of an import, and the one way back. */
export function ImportResult({ first, readAt }: { first: ImportDetail; readAt: number }) {
  const { data } = useQuery({ ...importQuery(first.id), initialData: first, initialDataUpdatedAt: readAt })
  const now = useNow(readAt)
  const reason = useReasonAgainst('prompts:write')
  const [isUndoing, setUndoing] = useState(false)
  const onward = useRef<HTMLAnchorElement>(null)
  const { origin, counts, created_by, created_at, undone_at, undone_by, items, unread } = data
  return (
    <div className="flex flex-col gap-6 pb-10">
      <section
        aria-label="What came of it"
        className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3"
      >
        <div className="min-w-0 flex-1">
          <p className="font-medium [overflow-wrap:anywhere]">{countWords(counts)}</p>
          <p className="mt-0.5 text-ink-soft text-sm [overflow-wrap:anywhere]">
            {origin}, by {created_by.display},{' '}
            <time dateTime={created_at} title={formatMoment(created_at)}>
              {formatAgo(created_at, now)}
            </time>
          </p>
          {undone_at !== null && (
            <p className="mt-1 text-rubric text-sm">
              Taken back {undone_by === null ? '' : `by ${undone_by.display} `}
              <time dateTime={undone_at} title={formatMoment(undone_at)}>
                {formatAgo(undone_at, now)}
              </time>
            </p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          {undone_at === null && (
            <Button look="outline" reason={reason} onPress={() => setUndoing(true)}>
              <Undo2 aria-hidden="true" />
              Undo
            </Button>
          )}
          <Link href="/import" className={buttonClass('outline')}>
            Import more
          </Link>
          <Link ref={onward} href="/prompts" className={buttonClass('primary')}>
            To the prompts
          </Link>
        </div>
      </section>
      {items.length > 0 && <ItemTable items={items} isMade={undone_at === null} />}
      <Unread paths={unread} />
      {isUndoing && <UndoDialog of={data} beside={() => onward.current} onClose={() => setUndoing(false)} />}
    </div>
  )
}

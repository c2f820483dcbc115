'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRef, useState } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { useNow } from '#components/ui/use-now.ts'
import type { Page } from '#lib/page.ts'
import type { ImportSummary } from '#lib/transfer/schema.ts'
import { importPagesQuery } from '../requests.ts'
import { countWords } from './count-words.ts'
import { UndoDialog } from './undo-dialog.tsx'

/** The imports that were made, each with its undo. */
export function PastImports({ first, readAt }: { first: Page<ImportSummary>; readAt: number }) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...importPagesQuery,
    initialData: { pages: [first], pageParams: [null] },
    initialDataUpdatedAt: readAt,
  })
  const now = useNow(readAt)
  const [undone, setUndone] = useState<ImportSummary>()
  const list = useRef<HTMLUListElement>(null)
  const imports = data.pages.flatMap(({ items }) => items)
  if (imports.length === 0) return null
  return (
    <section aria-labelledby="past-imports" className="mt-4">
      <h2 id="past-imports" className="border-line border-b pb-3 font-serif text-2xl">
        Past imports
      </h2>
      <ul ref={list} className="divide-y divide-line border-line border-b">
        {imports.map((each) => (
          <PastImport key={each.id} of={each} now={now} onUndo={() => setUndone(each)} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className="mt-4" isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {isFetchingNextPage ? 'Reading…' : 'Show older imports'}
        </Button>
      )}
      {undone && (
        <UndoDialog
          of={undone}
          beside={() => list.current?.querySelector<HTMLElement>(`a[href="/import/${undone.id}"]`)}
          onClose={() => setUndone(undefined)}
        />
      )}
    </section>
  )
}

function PastImport({ of, now, onUndo }: { of: ImportSummary; now: number; onUndo: () => void }) {
  return (
    <li className="relative -mx-3 flex min-h-14 items-center gap-4 px-3 py-2 hover:bg-sunken">
      <div className="min-w-0 flex-1">
        <Link
          href={`/import/${of.id}`}
          prefetch={false}
          className="stretched block truncate rounded font-medium text-sm"
        >
          {of.origin}
        </Link>
        <p className="text-ink-soft text-xs">
          {countWords(of.counts)} · {of.created_by.display} ·{' '}
          <time dateTime={of.created_at} title={formatMoment(of.created_at)}>
            {formatAgo(of.created_at, now)}
          </time>
        </p>
      </div>
      {of.undone_at === null ? (
        <Button
          look="outline"
          className="relative"
          aria-label={`Undo the import of ${of.origin}`}
          onPress={onUndo}
        >
          Undo
        </Button>
      ) : (
        <Badge>Taken back</Badge>
      )}
    </li>
  )
}

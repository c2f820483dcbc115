'use client'

import { useQuery } from '@tanstack/react-query'
import { useNews } from '#components/changes/use-news.ts'
import type { GenerationBatch } from '#lib/generations/schema.ts'
import { batchesQuery, batchQuery, REST_MS } from '../queries.ts'
import { BatchProgress } from './batch-progress.tsx'

/** The batches that go on, and the one that the list is narrowed to. */
export function BatchList({
  first,
  readAt,
  page,
  chosen,
  onChoose,
}: {
  /** The newest, as the server read them. */
  first: readonly GenerationBatch[]
  readAt: number
  /** The prompt whose own page this is. */
  page: string | undefined
  /** Id of the batch that the list shows alone. */
  chosen: string | null
  onChoose: (id: string) => void
}) {
  const { data: newest, refetch: readNewest } = useQuery({
    ...batchesQuery,
    initialData: [...first],
    initialDataUpdatedAt: readAt,
  })
  const known = newest.find(({ id }) => id === chosen)
  const isApart = chosen !== null && !known
  const { data: read, refetch: readChosen } = useQuery({ ...batchQuery(chosen ?? ''), enabled: isApart })
  useNews('generations', () => Promise.all([readNewest(), isApart && readChosen()]), REST_MS)
  const alone = chosen === null ? undefined : (known ?? read)
  const shown = alone
    ? [alone]
    : newest.filter(({ finished_at: at, prompt }) => at === null && (page === undefined || prompt === page))
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="batches-heading" className="mb-8">
      <h2 id="batches-heading" className="border-line border-b pb-2 font-serif text-xl">
        {alone ? 'This batch' : 'Batches at work'}
      </h2>
      <ul>
        {shown.map((batch) => (
          <BatchProgress
            key={batch.id}
            batch={batch}
            isChosen={batch.id === chosen}
            onChoose={() => onChoose(batch.id)}
          />
        ))}
      </ul>
    </section>
  )
}

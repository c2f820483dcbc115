import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Page } from '#lib/page.ts'
import { call } from '#lib/rest/client.ts'
import type {
  ImportAnswer,
  ImportDetail,
  ImportPlan,
  ImportSource,
  ImportSummary,
} from '#lib/transfer/schema.ts'
import type { BroughtFile } from './brought/brought.ts'
import { fetchTelling } from './upload.ts'

/** What is brought: files, or an address to fetch from. */
export interface Brought {
  files: readonly BroughtFile[]
  source?: ImportSource | undefined
}

interface Sending {
  /** Tells what would happen, and does nothing. */
  isTrial: boolean
  idempotencyKey?: string
  signal: AbortSignal
  onSent: (sent: number, total: number) => void
}

/**
 * Sends what is brought with the plan for it.
 * @throws ProblemError; 422 when nothing at all could be imported, which a dry run answers as any other
 */
export function sendImport(
  { files, source }: Brought,
  plan: ImportPlan,
  { isTrial, idempotencyKey, signal, onSent }: Sending,
): Promise<ImportAnswer> {
  const form = new FormData()
  // First, so that a reader of the stream knows it before the files.
  form.append('plan', JSON.stringify(plan))
  if (source !== undefined) form.append('source', JSON.stringify(source))
  for (const { path, blob } of files) form.append('file', blob, path)
  return call('POST /api/import', {
    query: { dry_run: isTrial ? 'true' : 'false' },
    body: {},
    form,
    by: fetchTelling(onSent),
    signal,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  })
}

const IMPORTS = ['imports'] as const

export function importQuery(id: string) {
  return queryOptions({
    queryKey: [...IMPORTS, id],
    queryFn: ({ signal }): Promise<ImportDetail> => call('GET /api/imports/{id}', { params: { id }, signal }),
  })
}

/** Imports that were made, the newest first. */
export const importPagesQuery = infiniteQueryOptions({
  queryKey: [...IMPORTS, 'list'],
  queryFn: ({ pageParam, signal }): Promise<Page<ImportSummary>> =>
    call('GET /api/imports', { query: pageParam === null ? {} : { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page: Page<ImportSummary>) => page.next_cursor,
})

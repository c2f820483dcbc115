import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Page } from '#lib/page.ts'
import { call, problemOf } from '#lib/rest/client.ts'
import type {
  ImportAnswer,
  ImportBody,
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

/** What the server keeps of what was brought, after a dry run. */
const kept = new WeakMap<Brought, string>()

interface Sending {
  /** Tells what would happen, and does nothing. */
  isTrial: boolean
  idempotencyKey?: string
  signal: AbortSignal
  onSent: (sent: number, total: number) => void
}

/**
 * Sends what is brought with the plan for it; names it alone where the server has it from the last dry run.
 * @throws ProblemError; 422 when nothing at all could be imported, which a dry run answers as any other
 */
export async function sendImport(
  brought: Brought,
  plan: ImportPlan,
  sending: Sending,
): Promise<ImportAnswer> {
  const answer = await sendShortly(brought, plan, sending)
  if (answer.kept !== undefined) kept.set(brought, answer.kept)
  return answer
}

async function sendShortly(brought: Brought, plan: ImportPlan, sending: Sending): Promise<ImportAnswer> {
  const known = kept.get(brought)
  if (known === undefined) return await send(brought, { plan, source: brought.source }, sending)
  try {
    return await send({ files: [] }, { plan, kept: known }, sending)
  } catch (error) {
    // Another instance, or one that began anew, does not have it.
    if (problemOf(error)?.errors?.some(({ code }) => code === 'not_kept') !== true) throw error
    kept.delete(brought)
    return await sendShortly(brought, plan, sending)
  }
}

function send(
  { files }: Brought,
  said: ImportBody,
  { isTrial, idempotencyKey, signal, onSent }: Sending,
): Promise<ImportAnswer> {
  const form = new FormData()
  // First, so that a reader of the stream knows it before the files.
  for (const [name, value] of Object.entries(said))
    if (value !== undefined) form.append(name, JSON.stringify(value))
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

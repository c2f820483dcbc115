import { infiniteQueryOptions } from '@tanstack/react-query'
import type { AuditPage } from '#lib/audit/schema.ts'
import { addressOf, call } from '#lib/rest/client.ts'
import type { AuditListQuery } from './filters.ts'

const LATER_PAGE = 200

/** @param query made once for all pages: a cursor belongs to the moment that a range begins at */
export function auditPagesQuery(query: AuditListQuery) {
  return infiniteQueryOptions({
    queryKey: ['audit', query],
    queryFn: ({ pageParam, signal }): Promise<AuditPage> => {
      const later = pageParam !== null && { cursor: pageParam, limit: LATER_PAGE }
      return call('GET /api/audit', { query: { ...query, ...later }, signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: AuditPage) => last.next_cursor,
  })
}

/** The address of everything that a query leaves, as a file. */
export function fileHref(query: AuditListQuery, format: 'csv' | 'jsonl'): string {
  return addressOf('/api/audit', { query: { ...query, format } })
}

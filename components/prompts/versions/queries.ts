import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { LATEST } from '#lib/liquid/name-rules.ts'
import type { VersionPage } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'

const VERSIONS_A_PAGE = 50

/** The key of all queries of one prompt; a change to the prompt makes all of them stale. */
export const promptKey = (name: string) => ['prompt', name] as const

/** The versions of a prompt, newest first, page by page. */
export function versionPagesQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: [...promptKey(name), 'versions'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: VERSIONS_A_PAGE, ...(pageParam !== null && { cursor: pageParam }) }
      return call('GET /api/prompts/{name}/versions', { params: { name }, query, signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: VersionPage) => page.next_cursor,
  })
}

/** One version with its text, which never changes. */
export function versionQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ['version', name, version],
    queryFn: ({ signal }) =>
      call('GET /api/prompts/{name}/versions/{version}', { params: { name, version }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The newest version as it is now, and the ETag that belongs to it: it is always read anew. */
export function newestQuery(name: string) {
  return queryOptions({
    queryKey: [...promptKey(name), 'newest'],
    queryFn: ({ signal }) =>
      call('GET /api/prompts/{name}', { params: { name }, query: { label: LATEST }, signal }),
    staleTime: 0,
    gcTime: 0,
  })
}

/** The labels and their last moves. */
export function labelsQuery(name: string) {
  return queryOptions({
    queryKey: [...promptKey(name), 'labels'],
    queryFn: ({ signal }) => call('GET /api/prompts/{name}/labels', { params: { name }, signal }),
  })
}

/** The labels as they were at a moment, which never changes. */
export function labelsAtQuery(name: string, at: string) {
  return queryOptions({
    queryKey: ['labels at', name, at],
    queryFn: ({ signal }) =>
      call('GET /api/prompts/{name}/labels', { params: { name }, query: { at }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Who uses what a label names, and whom another version would refuse. */
export function impactQuery(name: string, label: string, to: number) {
  return queryOptions({
    queryKey: [...promptKey(name), 'impact', label, to],
    queryFn: ({ signal }) =>
      call('GET /api/prompts/{name}/impact', { params: { name }, query: { from: label, to }, signal }),
    retry: false,
  })
}

/** After a change to a prompt: invalidates its queries, and refreshes the page. */
export function useVersionChanged(name: string): () => void {
  const queries = useQueryClient()
  const router = useRouter()
  return () => {
    void queries.invalidateQueries({ queryKey: promptKey(name) })
    void queries.invalidateQueries({ queryKey: ['prompts'] })
    router.refresh()
  }
}

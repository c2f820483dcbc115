import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { LabelList } from '#lib/prompts/label-schema.ts'
import type { Prompt, PromptVersion, VersionPage } from '#lib/prompts/schema.ts'

/** Everything that was read of one prompt; what changes it makes all of it stale. */
export const promptKey = (name: string) => ['prompt', name] as const

const client = part(() => import('./read.ts'))

/** The versions of a prompt, newest first, page by page. */
export function versionPagesQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: [...promptKey(name), 'versions'],
    queryFn: async ({ pageParam, signal }): Promise<VersionPage> =>
      (await client()).readVersions(name, pageParam ?? undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: VersionPage) => page.next_cursor,
  })
}

/** One version with its text, which never changes. */
export function versionQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ['version', name, version],
    queryFn: async ({ signal }): Promise<PromptVersion> =>
      (await client()).readVersion(name, version, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The newest version as it is now: it is always read anew. */
export function newestQuery(name: string) {
  return queryOptions({
    queryKey: [...promptKey(name), 'newest'],
    queryFn: async ({ signal }): Promise<Prompt> => (await client()).readNewest(name, signal),
    staleTime: 0,
    gcTime: 0,
  })
}

/** The labels and their last moves. */
export function labelsQuery(name: string) {
  return queryOptions({
    queryKey: [...promptKey(name), 'labels'],
    queryFn: async ({ signal }): Promise<LabelList> => (await client()).readLabels(name, signal),
  })
}

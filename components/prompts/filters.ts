import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSearch, parseAsSlug, parseAsText } from '#components/shell/address-parsers.ts'
import { foldTag, isTag } from '#lib/liquid/name-rules.ts'
import type { ListPromptsQuery } from '#lib/prompts/schema.ts'

/** The filters of the list as they stand in the URL; a malformed value reads as absent. */

const parseTag = parseAsText((text) => (isTag(foldTag(text)) ? foldTag(text) : null))
export const SORTS = [
  'relevance',
  'name',
  '-updated_at',
  '-created_at',
  'created_at',
] as const satisfies NonNullable<ListPromptsQuery['sort']>[]
export type Sort = (typeof SORTS)[number]

export const filterParsers = {
  q: parseAsSearch,
  category: parseAsSlug,
  tag: parseTag,
  label: parseAsSlug,
  archived: parseAsStringLiteral(['true']),
  sort: parseAsStringLiteral(SORTS),
}
export type Filters = inferParserType<typeof filterParsers>

export const readFilters = createLoader(filterParsers)
const serialize = createSerializer(filterParsers)

/** The address of the list under these filters. */
export function listHref(filters: Partial<Filters>): string {
  return serialize('/prompts', filters)
}

/** The filters that narrow the list; sorting does not. */
export const NARROWING = ['q', 'category', 'tag', 'label', 'archived'] as const

export function isNarrowed(filters: Filters): boolean {
  return NARROWING.some((key) => filters[key] !== null)
}

/** The sort of the list; without one in the URL, the default. */
export function effectiveSort({ sort, q }: Filters): Sort {
  if (sort === null || (sort === 'relevance' && q === null)) return q === null ? 'name' : 'relevance'
  return sort
}

/** The query of the list. */
export interface ListQuery {
  q?: string
  category?: string
  tag?: string
  label?: string
  archived?: 'true'
  sort: Sort
}

/** The filters as the list's query wants them: a filter that is not set is absent. */
export function toListQuery(filters: Filters): ListQuery {
  const { q, category, tag, label, archived } = filters
  return {
    ...(q === null || q.trim() === '' ? {} : { q: q.trim() }),
    ...(category === null ? {} : { category }),
    ...(tag === null ? {} : { tag }),
    ...(label === null ? {} : { label }),
    ...(archived === null ? {} : { archived }),
    sort: effectiveSort({ ...filters, q: q?.trim() ? q : null }),
  }
}

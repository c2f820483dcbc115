import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { ID, parseAsDay, parseAsId, parseAsSearch, parseAsSlug } from '#components/shell/address-parsers.ts'
import { customDays, RANGES, spanOf } from '#components/usage/span.ts'
import { GENERATION_SORTS, GENERATION_STATUSES } from '#lib/generations/status.ts'

/** The filters of the list of generations as they stand in the URL; an invalid value reads as absent. */

export const filterParsers = {
  q: parseAsSearch,
  status: parseAsStringLiteral(GENERATION_STATUSES),
  prompt: parseAsSlug,
  configuration: parseAsSlug,
  batch: parseAsId,
  range: parseAsStringLiteral(RANGES),
  from: parseAsDay,
  to: parseAsDay,
  sort: parseAsStringLiteral(GENERATION_SORTS),
}
export type GenerationFilters = inferParserType<typeof filterParsers>
export type ChangeFilters = (change: Partial<GenerationFilters>) => void

export const readFilters = createLoader(filterParsers)
const serialize = createSerializer(filterParsers)

/** Nothing narrows the list; how it is sorted stays. */
export const NO_FILTERS: Omit<GenerationFilters, 'sort'> = {
  q: null,
  status: null,
  prompt: null,
  configuration: null,
  batch: null,
  range: null,
  from: null,
  to: null,
}

const NARROWING = Object.keys(NO_FILTERS) as (keyof typeof NO_FILTERS)[]

/** The address of the list under these filters. @param page the prompt whose own page it is */
export function generationsHref(filters: Partial<GenerationFilters>, page?: string): string {
  return serialize(page === undefined ? '/generations' : `/prompts/${page}/generations`, filters)
}

export function isGenerationId(text: string): boolean {
  return ID.test(text)
}

/** Whether anything but the page's own prompt narrows the list. */
export function isNarrowed(filters: GenerationFilters): boolean {
  return NARROWING.some((key) => filters[key] !== null)
}

/** How the list is sorted when nobody says. */
export const USUAL_SORT = '-created_at'

/**
 * The filters as the list's query takes them, without those that are not set.
 * @param zone of the reader, whose days the range is made of
 */
export function toListQuery(filters: GenerationFilters, page?: string, zone = 'UTC') {
  const { q, status, prompt, configuration, batch, sort } = filters
  const wanted = page ?? prompt
  const now = new Date()
  const hasRange = filters.range !== null || customDays(filters) !== undefined
  const span = hasRange ? spanOf(filters, zone, now) : undefined
  return {
    ...(q === null || q.trim() === '' ? {} : { q: q.trim() }),
    ...(status === null ? {} : { status }),
    ...(wanted === null ? {} : { prompt: wanted }),
    ...(configuration === null ? {} : { configuration }),
    ...(batch === null ? {} : { batch }),
    ...(span === undefined ? {} : { from: span.from }),
    // A range up to now has no end: new generations belong to it.
    ...(span === undefined || Date.parse(span.to) >= now.getTime() ? {} : { to: span.to }),
    ...(sort === null || sort === USUAL_SORT ? {} : { sort }),
  }
}

export type ListQuery = ReturnType<typeof toListQuery>

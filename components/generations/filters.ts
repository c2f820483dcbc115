import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import {
  ID,
  MOST_WHOLE,
  parseAsCategory,
  parseAsClient,
  parseAsId,
  parseAsNumber,
  parseAsSearch,
  parseAsSlug,
  parseAsText,
  parseAsVersion,
} from '#components/shell/address-parsers.ts'
import { listSpanOf } from '#components/spans/span.ts'
import { listSpanParsers } from '#components/spans/span-parsers.ts'
import { GENERATION_SORTS, GENERATION_STATUSES } from '#lib/generations/status.ts'

/** The filters of the list of generations as they stand in the URL; an invalid value reads as absent. */

const ERROR_CODE = /^[a-z][a-z0-9_]{0,63}$/
const MOST_DOLLARS = 9_999_999_999

const parseAsMs = parseAsNumber('whole', 0, MOST_WHOLE)
const parseAsDollars = parseAsNumber('decimal', 0, MOST_DOLLARS)

export const filterParsers = {
  q: parseAsSearch,
  status: parseAsStringLiteral(GENERATION_STATUSES),
  prompt: parseAsSlug,
  version: parseAsVersion,
  label: parseAsSlug,
  configuration: parseAsSlug,
  model: parseAsSearch,
  error: parseAsText((text) => (ERROR_CODE.test(text) ? text : null)),
  who: parseAsId,
  batch: parseAsId,
  // Empty: those that gave no name, and prompts of no category.
  client: parseAsClient,
  category: parseAsCategory,
  latency_ms_min: parseAsMs,
  latency_ms_max: parseAsMs,
  cost_min: parseAsDollars,
  cost_max: parseAsDollars,
  ...listSpanParsers,
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
  version: null,
  label: null,
  configuration: null,
  model: null,
  error: null,
  who: null,
  batch: null,
  client: null,
  category: null,
  latency_ms_min: null,
  latency_ms_max: null,
  cost_min: null,
  cost_max: null,
  range: null,
  from: null,
  to: null,
  tz: null,
}

/** A time zone by itself leaves out nothing. */
const NARROWING = (Object.keys(NO_FILTERS) as (keyof typeof NO_FILTERS)[]).filter((key) => key !== 'tz')

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
 * The filters as the list's query takes them, without those that are not set, and those that hold nothing.
 * @param zone of the reader, whose days the range is made of where the filters name none
 */
export function toListQuery(filters: GenerationFilters, page?: string, zone = 'UTC') {
  const { q, sort, range, from, to, tz, who, version, prompt: chosen, ...same } = filters
  const prompt = page ?? chosen
  const words = q?.trim() || null
  return {
    ...given({ ...same, q: words, prompt, author: who }),
    // Versions are numbered by prompt.
    ...(prompt === null ? {} : given({ version })),
    ...listSpanOf({ range, from, to }, tz ?? zone),
    ...(sort === null || sort === USUAL_SORT ? {} : { sort }),
  }
}

export type ListQuery = ReturnType<typeof toListQuery>

/** What narrows a list besides words: its sums can be asked for. */
export function narrowingOf({ q: _q, sort: _sort, ...narrowing }: ListQuery) {
  return narrowing
}

type Given<T> = { [Key in keyof T]?: NonNullable<T[Key]> }

/** Those that are set. */
function given<T extends Record<string, unknown>>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Given<T>
}

/** How the list is shown, as it stands in the URL; what does not stand there is as it was chosen last. */
export const viewParsers = {
  columns: parseAsText((text) => (/^[a-z_,]{1,200}$/.test(text) ? text : null)),
  density: parseAsStringLiteral(['comfortable', 'compact'] as const),
  live: parseAsStringLiteral(['off'] as const),
}

import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsClient, parseAsSlug, parseAsVersion } from '#components/shell/address-parsers.ts'
import { COMPARISONS, customEnds, DEFAULT_RANGE, type Span } from '#components/spans/span.ts'
import { countedSpanParsers } from '#components/spans/span-parsers.ts'
import { addressOf } from '#lib/rest/client.ts'
import type { UsedNames } from '#lib/usage/operations/get-used-names.ts'
import { DIMENSIONS } from '#lib/usage/rules.ts'

/** The state of a page of usage in the URL; an invalid value reads as absent. */

export const SURFACES = ['mcp', 'rest', 'browser'] as const
export const SPLITS = ['surface', 'operation', 'prompt', 'version', 'client'] as const
export type Split = (typeof SPLITS)[number]
export const RANKS = ['prompt', 'version', 'surface', 'client'] as const
export type Rank = (typeof RANKS)[number]
/** Columns that a ranking can be sorted by. */
export const SORT_KEYS = [
  'name',
  'uses',
  'renders',
  'gets',
  'tool_calls',
  'failed',
  'success',
  'p50',
  'p95',
  'cost',
  'last',
] as const
export type SortKey = (typeof SORT_KEYS)[number]
const SORTS = SORT_KEYS.flatMap((key) => [key, `-${key}`] as const)
export type Sort = SortKey | `-${SortKey}`

/** What is drawn of spending, and what its rows are ranked by. */
export const MEASURES = ['cost', 'tokens'] as const
export type Measure = (typeof MEASURES)[number]

export const usageParsers = {
  ...countedSpanParsers,
  prompt: parseAsSlug,
  version: parseAsVersion,
  surface: parseAsStringLiteral(SURFACES),
  // Empty: the clients that gave no name.
  client: parseAsClient,
  by: parseAsStringLiteral(SPLITS),
  rank: parseAsStringLiteral(RANKS),
  sort: parseAsStringLiteral(SORTS),
  compare: parseAsStringLiteral(COMPARISONS),
  spend: parseAsStringLiteral(DIMENSIONS),
  measure: parseAsStringLiteral(MEASURES),
}
export type UsageState = inferParserType<typeof usageParsers>
export type ChangeUsage = (change: Partial<UsageState>) => void

export const readUsageState = createLoader(usageParsers)
const serialize = createSerializer(usageParsers)

/** The address of the usage of everything, or of one prompt on its own page. */
export function usageHref(state: Partial<UsageState>, prompt?: string): string {
  return serialize(prompt === undefined ? '/usage' : `/prompts/${prompt}/usage`, state)
}

/** The keys of the state that filter, apart from the span. */
export const NARROWING = ['prompt', 'version', 'surface', 'client'] as const

/** The range that is shown; undefined with days or hours of one's own. */
export function rangeOf(state: UsageState) {
  return customEnds(state) === undefined ? (state.range ?? DEFAULT_RANGE) : undefined
}

/** The span that is shown, as the lists behind the figures have it in their addresses: up to now goes on there too. */
export function listedSpan(state: UsageState): Pick<UsageState, 'range' | 'from' | 'to' | 'tz'> {
  const { from, to, tz } = state
  const range = rangeOf(state)
  return range === undefined ? { range: null, from, to, tz } : { range, from: null, to: null, tz }
}

/** The filters, as the queries of both operations take them. A version counts with its prompt alone. */
export function toStatsQuery(state: UsageState, span: Pick<Span, 'from' | 'to'>) {
  const { prompt, version, surface, client } = state
  return {
    from: span.from,
    to: span.to,
    ...(prompt === null ? {} : { prompt }),
    ...(prompt === null || version === null ? {} : { version }),
    ...(surface === null ? {} : { surface }),
    ...(client === null ? {} : { client }),
  }
}

/** The address of all rows of a table as a file, of the span that is shown. */
export function tableFileHref(
  path: '/api/stats/failures' | '/api/stats/spending',
  state: UsageState,
  {
    from,
    to,
    page,
    ...asked
  }: { from: string; to: string; page: string | undefined; format: string; by?: string; measure?: string },
): string {
  const query = {
    ...toStatsQuery(page === undefined ? state : { ...state, prompt: page }, { from, to }),
    ...asked,
  }
  return addressOf(path, { query })
}

/** How uses are stacked when nobody says. */
export function splitOf(state: UsageState, isOfPrompt: boolean): Split {
  return state.by ?? (isOfPrompt ? 'version' : 'surface')
}

/** The query of the time line; operations are in every point anyway. */
export function toTimeseriesQuery(state: UsageState, span: Span, zone: string, isOfPrompt: boolean) {
  const split = splitOf(state, isOfPrompt)
  return {
    ...toStatsQuery(state, span),
    interval: span.interval,
    timezone: zone,
    ...(split === 'operation' ? {} : { by: split }),
  }
}

/** The query of the time line that another is compared with; its uses are one line. */
export function toComparedQuery(state: UsageState, span: Span, zone: string) {
  return { ...toStatsQuery(state, span), interval: span.interval, timezone: zone }
}

/** Names that the filters offer: those used in the span. */
export interface Offers {
  prompts: string[]
  /** Of the chosen prompt. */
  versions: number[]
  clients: (string | null)[]
}

/**
 * @param all the use of everything, where a prompt can be chosen
 * @param ofPrompt that of the chosen prompt
 */
export function offersOf(all: UsedNames | undefined, ofPrompt: UsedNames | undefined): Offers {
  return {
    prompts: (all?.by_prompt ?? []).map(({ name }) => name).toSorted(),
    versions: (ofPrompt?.by_version ?? []).map(({ version }) => version).toSorted((a, b) => b - a),
    clients: ((ofPrompt ?? all)?.by_client ?? []).map((row) => row.client),
  }
}

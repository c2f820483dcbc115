import { type GenerationFilters, generationsHref } from '#components/generations/filters.ts'
import { hourText } from '#components/shell/address-parsers.ts'
import type { Dimension } from '#lib/usage/rules.ts'
import type { SpendingRow } from '#lib/usage/spending-schema.ts'
import { DEFAULT_RANGE, nextHour, spanOf } from './span.ts'
import { rangeOf, type UsageState } from './usage-state.ts'
import { usesHref } from './uses/uses-state.ts'

/** The lists behind the figures: single uses, and generations where these can be narrowed alike. */
export function figureHrefs(
  state: UsageState,
  zone: string,
  page: string | undefined,
): Readonly<Record<string, string>> {
  const { surface, client } = state
  const prompt = page ?? state.prompt
  const narrowed = { prompt, version: prompt === null ? null : state.version, surface, client }
  const uses = {
    Uses: usesHref(state, zone, narrowed),
    Failed: usesHref(state, zone, { ...narrowed, failed: true }),
  }
  const generations = generationFilters(state, zone, page)
  if (generations === undefined) return uses
  const href = generationsHref(generations)
  return { ...uses, Cost: href, Tokens: href }
}

/** What the list of generations is narrowed to; undefined where it knows no such filter. */
export function generationFilters(
  state: UsageState,
  zone: string,
  page: string | undefined,
): Partial<GenerationFilters> | undefined {
  const { surface, client, tz } = state
  if (surface !== null || client !== null) return undefined
  const prompt = page ?? state.prompt
  const of = { prompt, version: prompt === null ? null : state.version }
  if (rangeOf(state) !== undefined && tz === null) return { ...of, range: state.range ?? DEFAULT_RANGE }
  const { from, to } = spanOf(state, zone, new Date())
  return { ...of, from: hourText(Date.parse(from)), to: hourText(nextHour(Date.parse(to))) }
}

/** The generations that a row of spending sums up; undefined where the list knows no such filter. */
export function generationsOfRow(
  { key, name }: Pick<SpendingRow, 'key' | 'name'>,
  by: Dimension,
  filters: Partial<GenerationFilters> | undefined,
): string | undefined {
  if (filters === undefined || key === '') return undefined
  const [prompt = '', version] = key.split('@')
  const own: Partial<Record<Dimension, Partial<GenerationFilters>>> = {
    prompt: { prompt: key },
    version: { prompt, version: Number(version) },
    label: { label: key },
    configuration: { configuration: name },
    model: { model: key },
    actor: { who: key },
  }
  const narrowed = own[by]
  return narrowed === undefined ? undefined : generationsHref({ ...filters, ...narrowed })
}

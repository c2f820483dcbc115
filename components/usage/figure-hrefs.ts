import { type GenerationFilters, generationsHref } from '#components/generations/filters.ts'
import type { Dimension } from '#lib/usage/rules.ts'
import type { SpendingRow } from '#lib/usage/spending-schema.ts'
import { listedSpan, type UsageState } from './usage-state.ts'
import { usesHref } from './uses/uses-state.ts'

/** The lists behind the figures: single uses, and generations where these can be narrowed alike. */
export function figureHrefs(state: UsageState, page: string | undefined): Readonly<Record<string, string>> {
  const { surface, client } = state
  const prompt = page ?? state.prompt
  const narrowed = { prompt, version: prompt === null ? null : state.version, surface, client }
  const uses = {
    Uses: usesHref(state, narrowed),
    Failed: usesHref(state, { ...narrowed, failed: true }),
  }
  const generations = generationFilters(state, page)
  if (generations === undefined) return uses
  const href = generationsHref(generations)
  return { ...uses, Cost: href, Tokens: href }
}

/** What the list of generations is narrowed to; undefined where it knows no such filter. */
export function generationFilters(
  state: UsageState,
  page: string | undefined,
): Partial<GenerationFilters> | undefined {
  if (state.surface !== null) return undefined
  const prompt = page ?? state.prompt
  const { client } = state
  return { prompt, version: prompt === null ? null : state.version, client, ...listedSpan(state) }
}

const MAY_BE_EMPTY: ReadonlySet<Dimension> = new Set(['category', 'client'])

/** The generations that a row of spending sums up; undefined where the list knows no such filter. */
export function generationsOfRow(
  { key, name }: Pick<SpendingRow, 'key' | 'name'>,
  by: Dimension,
  filters: Partial<GenerationFilters> | undefined,
): string | undefined {
  if (filters === undefined || (key === '' && !MAY_BE_EMPTY.has(by))) return undefined
  const [prompt = '', version] = key.split('@')
  const own: Partial<Record<Dimension, Partial<GenerationFilters>>> = {
    prompt: { prompt: key },
    version: { prompt, version: Number(version) },
    label: { label: key },
    configuration: { configuration: name },
    model: { model: key },
    category: { category: key },
    client: { client: key },
    actor: { who: key },
  }
  const narrowed = own[by]
  return narrowed === undefined ? undefined : generationsHref({ ...filters, ...narrowed })
}

import { redirect } from 'next/navigation'
import { type GenerationFilters, generationsHref, toListQuery } from '#components/generations/filters.ts'
import type { GenerationBrowserProps } from '#components/generations/list/generation-browser.tsx'
import { BATCHES_SHOWN } from '#components/generations/queries.ts'
import { listConfigurations } from '#lib/ai/operations/list-configurations.ts'
import { isAppError } from '#lib/errors.ts'
import { listBatches } from '#lib/generations/operations/list-batches.ts'
import { listGenerations } from '#lib/generations/operations/list-generations.ts'
import { readUsual } from '#lib/generations/operations/read-usual.ts'
import { pageSize } from '#lib/page-size.ts'
import { fittingPage } from '../long-page.ts'
import { readForPage, readTimeZone, readWith } from '../read.ts'

/** Configurations that the filter offers. */
const OFFERED = 200

/**
 * The first reading of a list of generations.
 * @param page the prompt whose own page it is
 */
export async function readGenerations(
  filters: GenerationFilters,
  page?: string,
): Promise<Pick<GenerationBrowserProps, 'first' | 'configurations'>> {
  const zone = await readTimeZone()
  const query = toListQuery(filters, page, zone)
  try {
    const [generations, batches, usual, configurations] = await readForPage((actor) =>
      Promise.all([
        fittingPage(pageSize(undefined), (limit) => listGenerations(actor, { ...query, limit })),
        listBatches(actor, { limit: BATCHES_SHOWN }),
        readUsual(actor, {}),
        readWith(actor, 'ai:read', () => listConfigurations(actor, { limit: OFFERED })),
      ]),
    )
    return {
      first: { filters, query, zone, generations, batches: batches.items, usual, readAt: Date.now() },
      configurations: configurations?.items.map(({ name }) => name) ?? [],
    }
  } catch (error) {
    // The address has bounds that hold nothing.
    if (isAppError(error) && error.code === 'invalid_input' && hasBounds(filters))
      redirect(generationsHref({ ...filters, ...NO_BOUNDS }, page))
    // The address names a prompt or a configuration that is not there any more: everything else is.
    if (!isAppError(error) || error.code !== 'not_found') throw error
    if (page === undefined && filters.prompt !== null) redirect(generationsHref({ ...filters, prompt: null }))
    if (filters.configuration !== null) redirect(generationsHref({ ...filters, configuration: null }, page))
    throw error
  }
}

const NO_BOUNDS = { latency_ms_min: null, latency_ms_max: null, cost_min: null, cost_max: null }

function hasBounds(filters: GenerationFilters): boolean {
  return (Object.keys(NO_BOUNDS) as (keyof typeof NO_BOUNDS)[]).some((key) => filters[key] !== null)
}

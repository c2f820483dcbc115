import type { z } from 'zod'
import { bulkPromptsContract } from '#lib/prompts/bulk-contract.ts'
import type { BulkPromptsInput } from '#lib/prompts/bulk-schema.ts'
import { send } from '#lib/rest/client.ts'
import { getStatsContract, getTimeseriesContract } from '#lib/usage/contract.ts'
import type { StatsQuery, TimeseriesQuery } from '#lib/usage/schema.ts'

/** These pages' calls of the public API. Loaded lazily, as the contracts bring all schemas along. */

export function readStats(query: z.input<typeof StatsQuery>, signal: AbortSignal) {
  return send(getStatsContract, { query }, { signal })
}

export function readTimeseries(query: z.input<typeof TimeseriesQuery>, signal: AbortSignal) {
  return send(getTimeseriesContract, { query }, { signal })
}

export function changePrompts(body: z.input<typeof BulkPromptsInput>) {
  return send(bulkPromptsContract, { body, idempotencyKey: crypto.randomUUID() })
}

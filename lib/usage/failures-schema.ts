import { z } from 'zod'
import { WrittenNumber } from '../numbers/schema.ts'
import { FileFormat } from '../page.ts'
import { RANKING_ROWS_MAX } from './rules.ts'
import { Filters, StatsQuery } from './schema.ts'
import { Failure } from './use-schema.ts'

export const FailuresQuery = z.strictObject({
  ...Filters,
  actor: StatsQuery.shape.actor,
  limit: WrittenNumber(z.int().min(1).max(RANKING_ROWS_MAX)).optional().describe('Reasons; 50 by default'),
  format: FileFormat.optional().describe(
    'csv, jsonl: all reasons as a file, up to `limits.usage_failure_rows`; json by default',
  ),
})
export type FailuresQuery = z.infer<typeof FailuresQuery>

export const Failures = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  items: z.array(Failure).describe('Most frequent first, at most `limit`'),
  count: z
    .number()
    .int()
    .describe(
      'Reasons in the span, those that are not in `items` included; no further than `limits.usage_failure_rows`',
    ),
  more: z.boolean().describe('There are more than `count`'),
})
export type Failures = z.infer<typeof Failures>

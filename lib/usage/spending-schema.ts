import { z } from 'zod'
import { ConfigurationName } from '../ai/schema.ts'
import { WrittenNumber } from '../numbers/schema.ts'
import { FileFormat } from '../page.ts'
import { DIMENSIONS, RANKING_ROWS_MAX } from './rules.ts'
import { Filters, INTERVALS, TimeseriesQuery } from './schema.ts'

/** What rows are ranked by, and what `share` and `series` tell of. */
const MEASURES = ['cost', 'tokens', 'generations'] as const
export type Measure = (typeof MEASURES)[number]

export const SpendingQuery = z.strictObject({
  ...Filters,
  label: z.string().max(64).optional().describe('Only what asked for this label; empty: for none'),
  configuration: ConfigurationName.optional().describe(
    'Only this AI configuration, as it is called now, or was when it was deleted',
  ),
  model: z.string().min(1).max(200).optional().describe('Only this model'),
  category: z.string().max(64).optional().describe('Only prompts of this category now; empty: of none'),
  actor: z.uuid().optional().describe('Only what this person, key or client asked for, by its id'),
  by: z.enum(DIMENSIONS).optional().describe('What rows and series are split by; "prompt" by default'),
  measure: z
    .enum(MEASURES)
    .optional()
    .describe('What rows are ranked by, and what `share` and `series` tell of; "cost" by default'),
  interval: TimeseriesQuery.shape.interval,
  timezone: TimeseriesQuery.shape.timezone,
  limit: WrittenNumber(z.int().min(1).max(RANKING_ROWS_MAX)).optional().describe('Rows; 50 by default'),
  format: FileFormat.optional().describe(
    'csv, jsonl: all rows as a file, up to `limits.spending_rows`; json by default',
  ),
})
export type SpendingQuery = z.infer<typeof SpendingQuery>

/** Sums over calls that were settled and generations that ended. */
const Sums = {
  generations: z.number().int().describe('Generations that ended, stopped ones included'),
  generations_failed: z.number().int(),
  attempts: z.number().int().describe('Calls of configurations, as a generation lists them'),
  attempts_failed: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  tokens: z.number().int().describe('In and out'),
  cost: z.number().describe('US dollars; calls whose price is not known add nothing'),
  unpriced: z.number().int().describe('Calls that used tokens and whose price was not known'),
}

export const SpendingFigures = z.object({
  ...Sums,
  cost_per_generation: z.number().nullable().describe('US dollars; null when no generation ended'),
  cost_per_1000_tokens: z.number().nullable().describe('US dollars; null without tokens'),
  latency_ms: z.number().nullable().describe('Mean time of a call; null: none was timed'),
  queue_ms: z.number().nullable().describe('Mean time from the request until a generation began'),
  first_token_ms: z.number().nullable().describe('Mean time until the first piece of text'),
})
export type SpendingFigures = z.infer<typeof SpendingFigures>

export const SpendingRow = SpendingFigures.extend({
  key: z
    .string()
    .describe(
      'What it is: name of a prompt, "name@3", label, name of a configuration, model, slug of a category, client, id of an actor. Empty: no label, no category, a client that gave no name',
    ),
  name: z.string().describe('The same for people: title of a category, display name of an actor'),
  share: z.number().nullable().describe('Part of the total of `measure`, 0 to 1; null when that is 0'),
})
export type SpendingRow = z.infer<typeof SpendingRow>

export const SpendingPoint = z.object({
  time: z.iso.datetime().describe('Start of the point'),
  ...Sums,
  series: z.record(z.string(), z.number()).describe('`measure` by key; keys without any are left out'),
})
export type SpendingPoint = z.infer<typeof SpendingPoint>

const Course = z.array(
  z.object({
    time: z.iso.datetime().describe('Start of the day, UTC'),
    sum: z.number().describe('Since the month began, at the end of the day; today: as it is now'),
    is_expected: z.boolean().describe('The day is to come'),
  }),
)
export type Course = z.infer<typeof Course>

const COURSE = 'How it grows, day by day; days to come only where enough is known to tell of them'

const Expected = z.object({
  spent: z.number().describe('Since the month began'),
  expected: z.number().describe('At its end'),
  low: z.number().describe('Four months of five end above it'),
  high: z.number().describe('and below this'),
  course: Course.describe(COURSE),
})
export type Expected = z.infer<typeof Expected>

export const Forecast = z.object({
  month: z.iso.datetime().describe('Start of the month that runs, UTC'),
  ends_at: z.iso.datetime(),
  method: z
    .enum(['weekdays', 'days'])
    .describe(
      '"weekdays": each day that is left is taken to be like the same weekday of the last 28 days; "days": like the mean of the last 7 to 27 days, as many as there are',
    ),
  days: z.number().int().describe('Whole days that it is made from'),
  cost: Expected,
  tokens: Expected,
})
export type Forecast = z.infer<typeof Forecast>

export const SpendingQuota = z.object({
  configuration: z.string(),
  quota: z.enum(['cost', 'tokens']),
  limit: z.number().describe('US dollars or tokens in a month of UTC'),
  used: z.number().describe('Spent this month, and reserved for calls under way'),
  expected: z.number().nullable().describe('At the end of the month; null: too little to tell'),
  reached_at: z.iso
    .datetime()
    .nullable()
    .describe(
      'When it will be used up this month; in the past or now: it is. null: not this month, as it looks',
    ),
  course: Course.describe(`${COURSE}. What no day is known of stands before the first`),
})
export type SpendingQuota = z.infer<typeof SpendingQuota>

export const VersionCost = z.object({
  version: z.number().int(),
  generations: z.number().int(),
  cost_per_generation: z.number().nullable(),
  tokens_per_generation: z.number().nullable(),
  before: z
    .object({
      version: z.number().int(),
      generations: z.number().int(),
      cost_per_generation: z.number().nullable(),
      tokens_per_generation: z.number().nullable(),
    })
    .nullable()
    .describe('The version before it that has generations in the span'),
  change: z
    .number()
    .nullable()
    .describe(
      'Of `cost_per_generation`: 0.1 is a tenth dearer than the version before; null: nothing to compare',
    ),
  is_small: z.boolean().describe('Fewer than 30 generations of one of the two: the difference may be chance'),
})
export type VersionCost = z.infer<typeof VersionCost>

export const Spending = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  by: z.enum(DIMENSIONS),
  measure: z.enum(MEASURES),
  interval: z.enum(INTERVALS),
  timezone: z.string(),
  totals: SpendingFigures,
  previous: SpendingFigures.describe('The same over the span of equal length before `from`'),
  rows: z.array(SpendingRow).describe('Largest first'),
  row_count: z.number().int().describe('Rows that there are, those beyond `limit` included'),
  keys: z.array(z.string()).describe('The keys of `series`, largest first: at most six, and "other"'),
  points: z.array(SpendingPoint).describe('One after another without gaps, empty ones included'),
  forecast: Forecast.nullable().describe(
    'The month that runs, with the filters but without `from` and `to`; null when fewer than 7 whole days are known',
  ),
  quotas: z
    .array(SpendingQuota)
    .describe('Of active configurations (with `configuration`: of that one), whatever the other filters'),
  versions: z.array(VersionCost).describe('With `prompt`: its versions, the newest first; else empty'),
})
export type Spending = z.infer<typeof Spending>

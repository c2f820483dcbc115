import { z } from 'zod'
import { WrittenNumber } from '../numbers/schema.ts'
import { PromptName, VersionNumber } from '../prompts/name.ts'
import { Moment } from '../time.ts'
import { RANKING_ROWS_MAX } from './rules.ts'
import { Failure } from './use-schema.ts'

const Surface = z.enum(['mcp', 'rest', 'browser'])

/** The filters of the counted uses. */
export const Filters = {
  from: Moment.optional().describe(
    'Count from this time on; from the hour of UTC on that it is in, the year 1970 at the earliest. Default: 30 days before `to`',
  ),
  to: Moment.optional().describe(
    'Count up to this time; an hour of UTC that it is in counts whole, the year 2999 at the latest. Default: now',
  ),
  prompt: PromptName.optional().describe('Only this prompt'),
  version: VersionNumber.optional().describe('Only this version; needs `prompt`'),
  surface: Surface.optional().describe('Only what came this way'),
  client: z.string().max(80).optional().describe('Only this client; empty: those that gave no name'),
}

export const StatsQuery = z.strictObject({
  ...Filters,
  actor: z
    .uuid()
    .optional()
    .describe(
      'Only this person, key or client, by id. Counted by whole days of UTC, without percentiles, as long as callers are kept (limits.usage_callers_days)',
    ),
  actors: z.enum(['true', 'false']).optional().describe('true: with the ranking `by_actor`'),
  limit: WrittenNumber(z.int().min(1).max(RANKING_ROWS_MAX))
    .optional()
    .describe('Rows of each ranking; 50 by default'),
})
export type StatsQuery = z.infer<typeof StatsQuery>

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const
const SPLITS = ['surface', 'prompt', 'version', 'client'] as const

export const TimeseriesQuery = z.strictObject({
  ...Filters,
  interval: z
    .enum(INTERVALS)
    .optional()
    .describe('Length of a point. Default: hour up to 3 days, day up to 100 days, then week or month'),
  timezone: z
    .string()
    .max(64)
    .optional()
    .describe(
      'IANA name of the time zone whose days, weeks and months are meant, for example Europe/Berlin; UTC by default. Hours are those of UTC',
    ),
  by: z.enum(SPLITS).optional().describe('Also the uses of each point split by this'),
})
export type TimeseriesQuery = z.infer<typeof TimeseriesQuery>

/** What an export of single uses is asked for. */
export const UsageExportQuery = z.strictObject({
  from: Moment.optional().describe('Uses from this time on; those of all days that are kept by default'),
  to: Moment.optional().describe(
    'Uses before this time; by default up to the end of the last day that nothing is added to any more (UTC)',
  ),
  after: z.string().max(128).optional().describe('Goes on after this line: its `occurred_at`, a /, its `id`'),
  limit: z.int().min(1).max(10_000).optional().describe('Lines of one part; 2,000 by default'),
})
export type UsageExportQuery = z.infer<typeof UsageExportQuery>

/** A part of an export. */
export interface UsageExportSlice {
  /** One JSON object each, with every column of a use. */
  lines: string[]
  /** The place of the last line, for `after`; null: no line. */
  last: string | null
  hasMore: boolean
  /** Where the export ends. */
  to: string
}

/** What generations cost that ended in the span. */
const Spent = {
  cost: z.number().describe('US dollars that generations cost which ended in the span; 0 when none did'),
  tokens: z.number().int().describe('Tokens of these generations, in and out'),
}

const Figures = z.object({
  uses: z.number().int().describe('Gets, renders and tool calls together'),
  gets: z.number().int(),
  renders: z.number().int(),
  tool_calls: z.number().int(),
  failed: z.number().int(),
  success_rate: z.number().nullable().describe('0 to 1; null when nothing was used'),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  ...Spent,
})
export type Figures = z.infer<typeof Figures>

/** Something that happened to a prompt, for the time line of its usage. */
export const UsageMark = z.object({
  time: z.iso.datetime(),
  kind: z.enum(['version', 'label']).describe('A new version, or a label that was set, moved or removed'),
  version: z.number().int().nullable().describe('null: the label was removed'),
  label: z.string().nullable(),
  previous_version: z.number().int().nullable().describe('What the label named before'),
  actor: z.string().describe('Display name of the one who did it'),
  message: z.string().nullable().describe('Message of the version'),
})
export type UsageMark = z.infer<typeof UsageMark>

export const UnusedPrompt = z.object({
  name: z.string(),
  title: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable().describe('Last use ever; null: never'),
})
export type UnusedPrompt = z.infer<typeof UnusedPrompt>

export const Stats = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  totals: Figures.extend({
    prompts: z.number().int().describe('Active prompts'),
    archived_prompts: z.number().int(),
    versions: z.number().int(),
    categories: z.number().int(),
  }),
  previous: Figures.describe('The same over the span of equal length before `from`'),
  by_prompt: z.array(Figures.extend({ name: z.string() })),
  by_version: z.array(Figures.extend({ name: z.string(), version: z.number().int() })),
  by_surface: z.array(Figures.extend({ surface: Surface })),
  by_client: z.array(Figures.extend({ client: z.string().nullable() })),
  by_actor: z
    .array(Figures.extend({ actor: z.object({ id: z.string(), kind: z.string(), display: z.string() }) }))
    .optional()
    .describe(
      'With `actors=true`: by person, key and client, counted by whole days of UTC, without percentiles',
    ),
  failures: z
    .array(Failure)
    .describe('Reasons of what failed, most frequent first, at most `limit`. Older uses have none'),
  unused: z
    .object({ total: z.number().int(), items: z.array(UnusedPrompt) })
    .describe(
      'Active prompts that nobody used between `from` and `to`, longest unused first. Surface and client do not matter; empty with `prompt`',
    ),
  marks: z.array(UsageMark).describe('With `prompt`: what happened to it, oldest first, at most 500'),
  dropped: z.number().int().describe('Events this instance could not keep since its start'),
  page_reads: z
    .number()
    .int()
    .describe('Reads by pages of the workbench since the start of this instance; they are no uses'),
})
export type Stats = z.infer<typeof Stats>

export const TimeseriesPoint = Figures.omit({ last_used_at: true }).extend({
  time: z.iso.datetime().describe('Start of the point'),
  series: z
    .record(z.string(), z.number().int())
    .describe('With `by`: uses by key; keys without uses are left out'),
})
export type TimeseriesPoint = z.infer<typeof TimeseriesPoint>

export const Timeseries = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  interval: z.enum(INTERVALS),
  timezone: z.string(),
  keys: z
    .array(z.string())
    .describe(
      'With `by`: the keys of `series`, most used first: at most six, and "other". A version is "name@3"; "" is an unknown client or no prompt',
    ),
  points: z.array(TimeseriesPoint).describe('One after another without gaps, empty ones included'),
  marks: z.array(UsageMark).describe('With `prompt`: what happened to it, oldest first, at most 500'),
})
export type Timeseries = z.infer<typeof Timeseries>

import { z } from 'zod'
import { ConfigurationFacts, ConfigurationName } from '../ai/schema.ts'
import { WrittenNumber } from '../numbers/schema.ts'
import { FileQuery, PageQuery, pageOf } from '../page.ts'
import { Format, Message, Messages, TemplateContent } from '../prompts/content/content.ts'
import { LabelSelector, PromptName, VersionNumber } from '../prompts/name.ts'
import { Author, Config, VersionSelector } from '../prompts/schema.ts'
import { VariablesInput } from '../prompts/variables/variables.ts'
import { Moment } from '../time.ts'
import { GENERATION_COLUMNS, GENERATION_SORTS, GENERATION_STATUSES, WAIT_KINDS } from './status.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

const Values = z.record(z.string(), z.unknown()).describe('Values by variable name')

/** An edited text that was not saved. */
export const GenerationDraft = z
  .strictObject({
    template_content: TemplateContent.optional(),
    messages: Messages.optional(),
    format: Format.optional(),
    variables: VariablesInput.optional(),
    config: Config.optional(),
  })
  .describe('Runs this text instead of the version that it began from; nothing is saved but the generation')
export type GenerationDraft = z.infer<typeof GenerationDraft>

/** What is run, and with what. */
const Run = {
  prompt: PromptName.describe('Name or alias of the prompt'),
  ...VersionSelector.shape,
}

export const RequestGenerationInput = z.strictObject({
  ...Run,
  variables: Values.optional(),
  draft: GenerationDraft.optional(),
  configuration: ConfigurationName.optional().describe(
    'AI configuration; without it ai.default_configuration, else the only active one',
  ),
  wait: z
    .number()
    .min(0)
    .max(60, 'must be at most 60 seconds; limits.generation_wait_ms may end it sooner')
    .optional()
    .describe('Seconds to wait for the finished generation; 202 when it takes longer'),
})
export type RequestGenerationInput = z.infer<typeof RequestGenerationInput>

export const RequestBatchInput = z.strictObject({
  ...Run,
  inputs: z
    .array(z.strictObject({ variables: Values }))
    .min(1)
    .describe('Each is run with each configuration'),
  configurations: z
    .array(ConfigurationName)
    .min(1)
    .max(20)
    .optional()
    .describe('AI configurations; without it the usual one'),
})
export type RequestBatchInput = z.infer<typeof RequestBatchInput>

const GenerationStatus = z.enum(GENERATION_STATUSES)

export const GenerationPath = z.strictObject({ id: z.uuid().describe('Id of the generation') })
export const BatchPath = z.strictObject({ id: z.uuid().describe('Id of the batch') })

const Milliseconds = WrittenNumber(z.int().min(0).max(2_147_483_647))
const Dollars = WrittenNumber(z.number().min(0).max(9_999_999_999))
const ErrorCodeName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'The code of a failure, such as "timeout"')

/** What narrows generations, without the words of a search. */
const Narrowing = {
  from: Moment.optional().describe('Asked for at this time or later'),
  to: Moment.optional().describe('Asked for before this time'),
  status: GenerationStatus.optional(),
  prompt: PromptName.optional().describe('Name or alias of a prompt'),
  version: VersionNumber.optional().describe('Only this version; needs `prompt`'),
  label: LabelSelector.optional().describe('Label that was asked for'),
  configuration: ConfigurationName.optional(),
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The model that answered, else the one that was asked'),
  error: ErrorCodeName.optional().describe('Code of the failure: "timeout", "rate_limited" …'),
  author: z.uuid().optional().describe('Id of whoever asked for it'),
  batch: z.uuid().optional().describe('Id of a batch'),
  client: z
    .string()
    .max(80)
    .optional()
    .describe('The client that asked, by the name it gave; empty: those that gave none'),
  category: z.string().max(64).optional().describe('Only prompts of this category now; empty: of none'),
  latency_ms_min: Milliseconds.optional().describe('Latency of at least so many milliseconds'),
  latency_ms_max: Milliseconds.optional().describe('Latency of at most so many milliseconds'),
  cost_min: Dollars.optional().describe('Cost of at least so many US dollars'),
  cost_max: Dollars.optional().describe('Cost of at most so many US dollars'),
}
export const NarrowedGenerations = z.strictObject(Narrowing)
export type NarrowedGenerations = z.infer<typeof NarrowedGenerations>

export const ListGenerationsQuery = z.strictObject({
  q: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Text to find in the answer, the error, or the names of prompt, configuration and model; a page looks through a few thousand generations, so it may hold fewer items than `limit`, or none, and still have a next one',
    ),
  sort: z
    .enum(GENERATION_SORTS)
    .optional()
    .describe('-created_at by default. Sorted by a figure, the list leaves out what has no such figure'),
  ...Narrowing,
  ...PageQuery.shape,
  ...FileQuery,
  columns: z
    .string()
    .max(400)
    .refine(
      (text) => text.split(',').every((name) => (GENERATION_COLUMNS as readonly string[]).includes(name)),
      {
        message: `must be names of columns with commas between them: ${GENERATION_COLUMNS.join(', ')}`,
      },
    )
    .optional()
    .describe(
      `Of a file: the names of its columns with commas between them: ${GENERATION_COLUMNS.join(', ')}. Without it all but text and variables`,
    ),
})
export type ListGenerationsQuery = z.infer<typeof ListGenerationsQuery>

/** What the configurations did lately that are asked about. */
export const UsualFiguresQuery = z.strictObject({
  configuration: ConfigurationName.optional().describe('Only this one; without it all that answered lately'),
})
export type UsualFiguresQuery = z.infer<typeof UsualFiguresQuery>

/** No body: a retry runs what was run, as it was. */
export const RetryGenerationInput = z.strictObject({
  configuration: ConfigurationName.optional().describe('Another AI configuration than the one it had'),
})
export type RetryGenerationInput = z.infer<typeof RetryGenerationInput>

export const GenerationEventsQuery = z.strictObject({
  after: z
    .string()
    .max(40)
    .regex(/^\d{1,9}\.\d{1,9}$/, 'The id of an event')
    .optional()
    .describe('Id of the last event that was seen; Last-Event-ID goes before it'),
})
export type GenerationEventsQuery = z.infer<typeof GenerationEventsQuery>

// ── Outputs ────────────────────────────────────────────────────────────────────────────────────

const GenerationError = z.object({
  code: z.string().describe('Kind of failure: "rate_limited", "timeout", "unauthorized" …'),
  message: z.string(),
})

/** One try of one configuration. */
export const GenerationAttempt = z.object({
  attempt: z.number().int(),
  status: z
    .enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled'])
    .describe('waiting: its share of the limits is set aside, the call has not begun'),
  configuration: z.string().describe('Its name at that time'),
  provider: z.string(),
  model: z.string(),
  provider_request_id: z.string().nullable(),
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  cost: z.number().nullable(),
  latency_ms: z.number().int().nullable(),
  first_token_ms: z.number().int().nullable(),
  finish_reason: z.string().nullable(),
  error: GenerationError.nullable(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
})
export type GenerationAttempt = z.infer<typeof GenerationAttempt>

/** A generation without its texts: what lists hold. */
export const GenerationSummary = z.object({
  id: z.string(),
  status: GenerationStatus,
  prompt: z.string().describe('Current name of the prompt'),
  version: z.number().int().describe('The version that was run, or that the draft began from'),
  label: z.string().nullable().describe('The label that chose it; null: its number did'),
  is_draft: z.boolean().describe('An edited text was run that is no version'),
  configuration: z.string().describe('Name of the configuration at that time'),
  provider: z.string().describe('Of the attempt that answered, else of the configuration'),
  model: z.string(),
  queue: z.enum(['interactive', 'batch']),
  batch_id: z.string().nullable(),
  retry_of: z.string().nullable(),
  excerpt: z.string().nullable().describe('The first 200 characters of the text'),
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  cost: z.number().nullable().describe('US dollars, all attempts together; null without prices'),
  latency_ms: z.number().int().nullable().describe('Of the attempt that answered'),
  first_token_ms: z.number().int().nullable(),
  tokens_per_second: z.number().nullable().describe('Of the answer, from its first token on'),
  queue_ms: z.number().int().nullable().describe('From the request until its turn; null before that'),
  error: GenerationError.nullable(),
  ratings: z
    .object({ successes: z.number().int(), failures: z.number().int() })
    .describe('What people and callers said of it'),
  author: Author,
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  cancel_requested_at: z.iso.datetime().nullable(),
})
export type GenerationSummary = z.infer<typeof GenerationSummary>
export const GenerationPage = pageOf(GenerationSummary)
export type GenerationPage = z.infer<typeof GenerationPage>

/** A wait that a run was told of, before an attempt. */
export const GenerationWait = z.object({
  kind: z
    .enum(WAIT_KINDS)
    .describe(
      'limit: the limits of the configuration had no room; busy: another process made a call for it; elsewhere: another instance may have the provider; backoff: a failed attempt was followed by a pause; retry_after: the provider said how long',
    ),
  configuration: z.string().nullable().describe('Its name at that time'),
  after_attempt: z.number().int().describe('The last attempt before it; 0: none'),
  at: z.iso.datetime(),
  ms: z.number().int().describe('How long it was to last; what came later may have come sooner or later'),
})
export type GenerationWait = z.infer<typeof GenerationWait>

/** Everything about one generation. */
export const Generation = GenerationSummary.omit({ excerpt: true }).extend({
  checksum: z.string().describe('Checksum of the version, or of the draft'),
  draft: GenerationDraft.nullable(),
  variables: z.record(z.string(), z.unknown()),
  is_rendered: z
    .boolean()
    .describe('false: it waits for its turn; its messages are made from its variables then'),
  messages: z.array(Message).describe('As they were rendered and sent; none before that'),
  configuration_as_it_was: ConfigurationFacts,
  settings: z
    .object({
      used: z
        .record(z.string(), z.unknown())
        .describe(
          'model, temperature, top_p, max_tokens, stop, response_format, tools: of the version, else of the configuration, whose max_tokens is a limit',
        ),
      ignored: z
        .array(z.object({ setting: z.string(), reason: z.string() }))
        .describe("What of the version's config was not used, and why"),
    })
    .describe('How the configuration that was asked for asks its model'),
  text: z.string().nullable().describe('While it runs and after it was stopped, what has arrived'),
  finish_reason: z.string().nullable().describe('"stop", "length", "content_filter" …'),
  redacted_at: z.iso
    .datetime()
    .nullable()
    .describe('When what was sent and answered was erased, along with its version'),
  attempts: z.array(GenerationAttempt),
  taken_at: z.iso.datetime().nullable().describe('When a run took it; null before that, and of older ones'),
  waits: z.array(GenerationWait).describe('The oldest first; older generations have none on record'),
  receipt: z
    .string()
    .nullable()
    .describe(
      'POST /api/outcomes takes it with what came of the answer; always the same, null once it has expired',
    ),
})
export type Generation = z.infer<typeof Generation>

/** Sums over all generations that the filters leave. */
export const GenerationTotals = z.object({
  count: z.number().int(),
  counts: z.object({
    queued: z.number().int(),
    running: z.number().int(),
    succeeded: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
  }),
  cost: z.number().nullable().describe('US dollars; null when no cost of any is known'),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
})
export type GenerationTotals = z.infer<typeof GenerationTotals>

const Facet = z.array(z.object({ value: z.string(), name: z.string(), count: z.number().int() }))
/** The values that could narrow further, the most frequent first. */
export const GenerationFacets = z.object({
  looked_at: z.number().int().describe('The newest so many were counted'),
  errors: Facet,
  models: Facet,
  versions: Facet.describe('Of the prompt that is asked for; none without one'),
  labels: Facet,
  clients: Facet.describe('By the names that they gave'),
  categories: Facet.describe('Of their prompts now; `value` is the slug, `name` the title'),
  authors: Facet.describe('`value` is the id, `name` what people see'),
})
export type GenerationFacets = z.infer<typeof GenerationFacets>

/** The middle of the last answers of a configuration. */
export const UsualFigures = z.object({
  configuration: z.string(),
  count: z.number().int().describe('Answers that the figures come from'),
  latency_ms: z.number().nullable(),
  first_token_ms: z.number().nullable(),
  tokens_per_second: z.number().nullable(),
  queue_ms: z.number().nullable(),
  cost: z.number().nullable(),
})
export type UsualFigures = z.infer<typeof UsualFigures>
export const UsualFiguresAnswer = z.object({
  days: z.number().int().describe('Only answers of the last so many days count'),
  items: z.array(UsualFigures),
})
export type UsualFiguresAnswer = z.infer<typeof UsualFiguresAnswer>

/** How the last attempts of a configuration went, for its page. */
export interface ConfigurationHealth {
  /** Attempts of the last day that ended, and how many of them failed. */
  ended: number
  failed: number
  /** Whether the last attempt that ended failed. */
  isFailing: boolean
  /** Of the last thirty days. */
  lastError: { code: string; message: string; at: string } | null
}

/** Data of the events of a stream: `state`, `text`, `restart` and, last, `finished`. Told apart by `type`. */
export const GenerationEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    status: GenerationStatus,
    attempt: z.number().int().describe('0 before the first'),
    configuration: z.string().describe('Configuration that is being asked'),
  }),
  z.object({
    type: z.literal('text'),
    attempt: z.number().int(),
    position: z.number().int(),
    text: z.string(),
  }),
  z.object({
    type: z.literal('restart'),
    attempt: z.number().int(),
    error: GenerationError.nullable().describe('Why the attempt before it ended; its text is void'),
  }),
  z.object({ type: z.literal('finished'), generation: Generation }),
])
export type GenerationEvent = z.infer<typeof GenerationEvent>

export const GenerationBatch = z.object({
  id: z.string(),
  prompt: z.string(),
  version: z.number().int(),
  label: z.string().nullable(),
  total: z.number().int(),
  counts: z.object({
    queued: z.number().int(),
    running: z.number().int(),
    succeeded: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
  }),
  cost: z.number().nullable(),
  author: Author,
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable().describe('When the last of it ended'),
  cancel_requested_at: z.iso.datetime().nullable(),
})
export type GenerationBatch = z.infer<typeof GenerationBatch>
export const BatchPage = pageOf(GenerationBatch)
export type BatchPage = z.infer<typeof BatchPage>

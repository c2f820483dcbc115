import { z } from 'zod'
import { FileQuery, PageQuery, pageOf } from '../page.ts'
import { LabelSelector, PromptName, VersionNumber } from '../prompts/name.ts'
import { Moment } from '../time.ts'
import { REASON_CODES } from './rules.ts'

export const ReasonCode = z
  .enum(REASON_CODES)
  .describe(
    'missing, wrong, unknown: a variable that is required and was not given, whose value does not fit, or that the version does not have; not_found: no such prompt, label or version; template: the version cannot be rendered with these values; limit: a limit was passed; invalid: another input does not fit; denied: the caller may not; conflict; provider: a model provider failed; unavailable: the database or a worker was away; internal: a fault of the app',
  )
export type ReasonCode = z.infer<typeof ReasonCode>

export const Reason = z.object({
  code: ReasonCode,
  variable: z
    .string()
    .nullable()
    .describe(
      'The variable that it is about. null: it is about none, or about one of too many unknown names (limits.usage_names)',
    ),
})
export type Reason = z.infer<typeof Reason>

/** A reason of uses that failed, with all that it was counted for. */
export const Failure = Reason.extend({
  prompt: z.string().nullable().describe('Name of the prompt; null: none was found'),
  version: z.number().int().nullable(),
  label: z.string().nullable().describe('The label that the version was found by'),
  client: z.string().nullable().describe('null: clients that gave no name'),
  asked: z
    .string()
    .nullable()
    .describe(
      'With not_found: what was asked for, as "name", "name@label" or "name@3". null: nothing by name, or one of too many names (limits.usage_names)',
    ),
  count: z
    .number()
    .int()
    .describe('Uses that failed for this reason. One that has two reasons counts in both'),
  first_at: z.iso.datetime().describe('First time in the span'),
  last_at: z.iso.datetime().describe('Last time in the span'),
  since_version: z
    .number()
    .int()
    .nullable()
    .describe(
      'The version with which this began: the oldest from which on, up to `version`, each version that this client used has failed for this reason at least once. Versions that it did not use are passed over. Looks back as far as failures and callers are kept (limits.usage_failures_days, limits.usage_callers_days), before `from` too. null: without a version',
    ),
})
export type Failure = z.infer<typeof Failure>

const USE_OPERATIONS = ['get', 'render', 'tool'] as const

export const UsesQuery = z.strictObject({
  from: Moment.optional().describe('From this time on'),
  to: Moment.optional().describe('Before this time'),
  prompt: PromptName.optional().describe('Only of this prompt'),
  version: VersionNumber.optional().describe('Only of this version; needs `prompt`'),
  label: LabelSelector.optional().describe('Only what was found by this label'),
  surface: z.enum(['mcp', 'rest', 'browser']).optional().describe('Only what came this way'),
  client: z.string().max(80).optional().describe('Only of this client; empty: those that gave no name'),
  actor: z.uuid().optional().describe('Only of this person, key or client, by id'),
  operation: z.enum(USE_OPERATIONS).optional().describe('Only gets, renders or tool calls'),
  failed: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: those that failed alone; false: the others alone'),
  outcome: z
    .string()
    .regex(/^[a-z_]{1,40}$/, 'must be "ok" or the code of an error')
    .optional()
    .describe('Only with this outcome: "ok", or the code of an error such as "unprocessable"'),
  code: ReasonCode.optional().describe('Only those that failed for this reason'),
  variable: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Only those that failed for a reason about this variable; with `code`: for this reason'),
  asked: z
    .string()
    .min(1)
    .max(129)
    .optional()
    .describe('Only those that asked for this and did not find it: "name", "name@label" or "name@3"'),
  after: z
    .string()
    .max(100)
    .optional()
    .describe(
      'The `tail` of an answer: only what was written since, in pages as ever. Follow `next_cursor` with the same `after` before you go on with the `tail` of the first page. Uses of the last seconds may come again; their ids tell. Not with a file',
    ),
  ...FileQuery,
  ...PageQuery.shape,
})
export type UsesQuery = z.infer<typeof UsesQuery>

/** One use of the registry. */
export const Use = z.object({
  id: z.string(),
  occurred_at: z.iso.datetime(),
  operation: z.enum(USE_OPERATIONS),
  tool: z.string().nullable().describe('Name of the MCP tool that was called'),
  prompt: z.string().nullable().describe('Present name of the prompt; null: none was found, or needed'),
  version: z.number().int().nullable(),
  label: z.string().nullable().describe('The label that the version was found by'),
  asked: z
    .string()
    .nullable()
    .describe('What was asked for and not found, as "name", "name@label" or "name@3"'),
  surface: z.enum(['mcp', 'rest', 'browser']),
  client: z.string().nullable().describe('What the client calls itself'),
  client_version: z.string().nullable(),
  actor: z.object({
    id: z.string(),
    kind: z.string(),
    display: z.string().describe('The present name; that of an erased person says so'),
  }),
  outcome: z.string().describe('"ok", or the code of the error'),
  reasons: z.array(Reason).describe('Why it failed; empty otherwise'),
  variables: z
    .array(z.string())
    .nullable()
    .describe(
      'Names of the declared variables that were given, never their values. ["*"]: one of more sets than limits.usage_variable_sets; null: nothing was rendered',
    ),
  values: z
    .record(z.string(), z.string())
    .nullable()
    .describe('What a refused render was given, cut and without secrets, where logging.refused_values is on'),
  duration_ms: z.number(),
  request_id: z.string().nullable().describe('Of a use that failed: its request, as in the log'),
})
export type Use = z.infer<typeof Use>

export const UsesPage = pageOf(Use).extend({
  tail: z.string().describe('Asks, as `after`, for what is written from now on'),
})
export type UsesPage = z.infer<typeof UsesPage>

import { z } from 'zod'
import type { oas31, ZodOpenApiComponentsObject, ZodOpenApiResponseObject } from 'zod-openapi'
import { AIConfiguration, CatalogueProvider, ConfigurationTest } from '../ai/schema.ts'
import { AuditEvent } from '../audit/schema.ts'
import { Category, MergedCategory } from '../categories/schema.ts'
import { ChangeEvent } from '../changes/schema.ts'
import { ERROR_CATALOGUE } from '../errors.ts'
import { Generation, GenerationBatch, GenerationSummary } from '../generations/schema.ts'
import { ApiKey } from '../keys/schema.ts'
import { LabelRule } from '../label-rules/schema.ts'
import { ConnectedClient } from '../oauth/schema.ts'
import { BulkAnswer } from '../prompts/bulk-schema.ts'
import { ContentPart, Message } from '../prompts/content/content.ts'
import { VersionDiff } from '../prompts/diff-schema.ts'
import { PromptExample } from '../prompts/example-schema.ts'
import { LabelChange, LabelEvent, LabelList } from '../prompts/label-schema.ts'
import { RenderedDraft, RenderedPrompt } from '../prompts/render-schema.ts'
import { Prompt, PromptSummary, PromptVersion, UsedBy } from '../prompts/schema.ts'
import { VariableInput } from '../prompts/variables/variables.ts'
import { Stats, Timeseries, UsageMark } from '../usage/schema.ts'

/** The parts of the OpenAPI document that operations share. */

const Problem = z
  .looseObject({
    type: z.string().describe('A name of the kind of problem, as a URN'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What went wrong this time'),
    instance: z.string().describe('Path of the request'),
    code: z.literal(Object.keys(ERROR_CATALOGUE)).describe('The kind of problem, for programs'),
    request_id: z.string(),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().optional().describe('JSON pointer into the body, as a URI fragment'),
          path: z.array(z.union([z.string(), z.number()])),
          code: z.string(),
          message: z.string(),
          range: z
            .object({
              start: z.number().int(),
              end: z.number().int(),
              line: z.number().int(),
              column: z.number().int(),
            })
            .optional()
            .describe('Span of a text: offsets in UTF-16 units, line and column from 1'),
          hint: z.string().optional(),
        }),
      )
      .optional()
      .describe('Each thing that is wrong'),
  })
  .describe('An error (RFC 9457). Some kinds carry more members, such as `labels` or `current_etag`.')

export const SCHEMAS: NonNullable<ZodOpenApiComponentsObject['schemas']> = {
  Problem,
  Prompt,
  PromptSummary,
  PromptVersion,
  UsedBy,
  Message,
  ContentPart,
  VariableInput,
  VersionDiff,
  LabelList,
  LabelEvent,
  LabelChange,
  LabelRule,
  ApiKey,
  ConnectedClient,
  RenderedPrompt,
  RenderedDraft,
  PromptExample,
  BulkAnswer,
  Category,
  MergedCategory,
  AIConfiguration,
  ConfigurationTest,
  CatalogueProvider,
  Stats,
  Timeseries,
  UsageMark,
  ChangeEvent,
  AuditEvent,
  Generation,
  GenerationSummary,
  GenerationBatch,
}

const text = (description: string): oas31.HeaderObject => ({ description, schema: { type: 'string' } })
const integer = (description: string): oas31.HeaderObject => ({
  description,
  schema: { type: 'integer', minimum: 0 },
})

/** References into the document's components. */
export function refs<Name extends string>(
  kind: 'headers' | 'parameters',
  ...names: Name[]
): Record<Name, oas31.ReferenceObject> {
  const found = names.map((name) => [name, { $ref: `#/components/${kind}/${name}` }])
  // One entry for each of the names.
  return Object.fromEntries(found) as Record<Name, oas31.ReferenceObject>
}

/** Headers of answers. */
export const HEADERS = {
  'X-Request-Id': { ...text('Finds the request in the log'), required: true },
  ETag: text('Changes with every change of the prompt; goes into If-Match and If-None-Match'),
  Location: text('Path of what was created, or where a redirect leads'),
  'Incipit-Key-Expires': text('When the key of the request expires; only when that is soon'),
  'Incipit-Revision': integer('Revision of the workspace at which the change was made'),
  'Idempotency-Replayed': text('`true`: the stored answer of an earlier request with the same key'),
  'Retry-After': integer('Seconds after which another try can help'),
  Age: integer('Seconds since the database was last reached; only while it is away'),
  'Incipit-Stale': integer('The same as Age: the answer comes from memory'),
} satisfies Record<string, oas31.HeaderObject>

const parameter = (name: string, description: string, schema: oas31.SchemaObject): oas31.ParameterObject => ({
  in: 'header',
  name,
  description,
  schema,
})

/** Headers of requests. */
export const HEADER_PARAMETERS = {
  'If-Match': {
    ...parameter('If-Match', 'The ETag that was read', { type: 'string' }),
    required: true,
  },
  'If-None-Match': parameter('If-None-Match', 'An ETag: 304 while it still holds', { type: 'string' }),
  'Idempotency-Key': parameter('Idempotency-Key', 'Makes a retry safe: the same key is answered once', {
    type: 'string',
    minLength: 1,
    maxLength: 255,
  }),
  'Last-Event-ID': parameter('Last-Event-ID', 'Id of the last event that was read: go on after it', {
    type: 'string',
  }),
  'Incipit-Revision': parameter('Incipit-Revision', 'The answer is not older than this revision', {
    type: 'integer',
    minimum: 0,
  }),
} satisfies Record<string, oas31.ParameterObject>

/** The problem answers, one for each status: every error of the catalogue is one of them. */
export const PROBLEMS: ReadonlyMap<number, ZodOpenApiResponseObject> = new Map(
  [...Map.groupBy(Object.values(ERROR_CATALOGUE), ({ status }): number => status)].map(
    ([status, entries]) => [
      status,
      {
        id: `Problem${status}`,
        description: entries.map(({ title }) => title).join('; '),
        headers:
          status >= 409 ? refs('headers', 'X-Request-Id', 'Retry-After') : refs('headers', 'X-Request-Id'),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ],
  ),
)

/** Parameters whose schema is not a list of names: the variables of a render are any others. */
export const FREE_PARAMETERS: Record<string, oas31.ParameterObject[]> = {
  renderPromptByQuery: [
    {
      in: 'query',
      name: '_label',
      description: 'Label that chooses the version; `latest` for the newest',
      schema: { type: 'string' },
    },
    {
      in: 'query',
      name: '_version',
      description: 'Number of the version',
      schema: { type: 'integer', minimum: 1 },
    },
    {
      in: 'query',
      name: 'variables',
      description: 'Every other parameter is a variable; one that is repeated is a list',
      style: 'form',
      explode: true,
      schema: { type: 'object', additionalProperties: { type: 'string' } },
      example: { business_domain: 'ecommerce', requirements: 'user authentication' },
    },
  ],
}

export const TAGS: oas31.TagObject[] = [
  { name: 'Prompts', description: 'A prompt: its names, category, tags and labels, which change in place.' },
  { name: 'Versions', description: 'Immutable snapshots of what a model or an agent sees.' },
  { name: 'Labels', description: 'Movable names for versions; `production` is what agents get.' },
  { name: 'Rendering', description: 'Filling a template with values.' },
  { name: 'Examples', description: 'Saved inputs of a prompt.' },
  { name: 'Generations', description: 'Prompts that are run against a model, in the background.' },
  { name: 'Categories' },
  { name: 'Import and export', description: 'Prompts as files, from other tools and to them.' },
  { name: 'Repositories', description: 'Repositories of git hosts whose pushes bring prompts.' },
  {
    name: 'AI configurations',
    description: 'Ways to models, with their keys, prices, limits and fallbacks.',
  },
  { name: 'Usage' },
  { name: 'Changes', description: 'What changes, told as it happens.' },
  { name: 'Audit' },
  { name: 'Keys', description: 'Keys by which programs ask, each with rights of its own.' },
  {
    name: 'Clients',
    description: 'Programs that people connect by OAuth, and services that act by themselves.',
  },
  { name: 'Members', description: 'Who signs in here, with which role, and who is invited.' },
  { name: 'Account', description: 'Oneself.' },
  {
    name: 'Sign-in',
    description:
      'For the pages of this server: a change needs their `Origin`. Who is signed in has the cookie of a session.',
  },
  { name: 'Health', description: 'For monitors and load balancers; answered under any host name.' },
]

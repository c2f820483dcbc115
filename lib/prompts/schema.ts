import { z } from 'zod'
import { CategorySlug } from '../categories/schema.ts'
import { foldTag, isTag, TAG_RULE } from '../liquid/name-rules.ts'
import { PageQuery, pageOf } from '../page.ts'
import { Moment } from '../time.ts'
import { Format, Messages, PromptMessage, storedText, TemplateContent } from './content/content.ts'
import { LabelName, LabelSelector, PromptName, VersionNumber } from './name.ts'
import { DESCRIPTION_LENGTH, MESSAGE_LENGTH, TITLE_LENGTH } from './rules.ts'
import { VariableOutput, VariablesInput } from './variables/variables.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

export const Publish = z
  .strictObject({
    prompt: z.boolean().describe('Listed and served as an MCP prompt'),
    tool: z.boolean().describe('Also offered as an MCP tool of its own name'),
    skill: z.boolean().describe('Also offered as an Agent Skill, over MCP and as a download'),
  })
  .describe('How agents reach the prompt')
export type Publish = z.infer<typeof Publish>

export const Tag = z.string().overwrite(foldTag).refine(isTag, `A tag is made of ${TAG_RULE}`)
const Tags = z.array(Tag).describe('Tags, folded to small letters')
const Aliases = z.array(PromptName).describe('Other names that answer for this prompt')
const Title = storedText(TITLE_LENGTH).describe('Short title for people')
const Description = storedText(DESCRIPTION_LENGTH).describe('What the prompt is for; agents choose by it')
const ChangeMessage = storedText(MESSAGE_LENGTH).describe('What changed and why')
export const Config = z
  .record(z.string().max(200), z.json())
  .describe(
    'How a model is asked when the version is run: model (a hint), temperature, top_p, max_tokens, stop, response_format (text, json, json_schema), tools; anything else is free JSON',
  )

/** What a version is made of; exactly one of template_content and messages. */
const VersionContent = {
  template_content: TemplateContent.optional(),
  messages: Messages.optional(),
  format: Format.optional(),
  variables: VariablesInput.optional().describe(
    'Declared variables, or their names alone (required strings); left out, they are inferred from the text',
  ),
  config: Config.optional(),
  title: Title.optional(),
  description: Description.optional(),
  publish: Publish.partial().optional(),
  message: ChangeMessage.optional(),
}

export const CreatePromptInput = z.strictObject({
  name: PromptName,
  category: CategorySlug.nullable().optional().describe('Slug of the category'),
  tags: Tags.optional(),
  aliases: Aliases.optional(),
  labels: z
    .array(LabelName)
    .max(20)
    .optional()
    .describe('Labels that name the first version; without it "production", an empty list for none'),
  ...VersionContent,
})
export type CreatePromptInput = z.infer<typeof CreatePromptInput>

/** What belongs to a version, or moves with labels, and is therefore not patched. */
const VERSION_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(VersionContent),
  'kind',
  'content',
  'checksum',
  'includes',
  'labels',
])

/** The message for unknown fields of a patch that belong to a version. */
export function refuseVersionFields(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined
  const fields = issue.keys.filter((key) => VERSION_FIELDS.has(key))
  if (fields.length === 0) return undefined
  return `A version never changes: ${fields.join(', ')} cannot be patched. Make a new version with POST /api/prompts/{name}/versions; labels move with PUT /api/prompts/{name}/labels/{label}.`
}

export const PatchPromptInput = z.strictObject(
  {
    name: PromptName.optional().describe('New name; the old one becomes an alias'),
    category: CategorySlug.nullable().optional().describe('Slug of the category; null: none'),
    tags: Tags.optional(),
    aliases: Aliases.optional().describe('All aliases there shall be; those left out are removed'),
    archived: z.boolean().optional().describe('false restores an archived prompt'),
  },
  { error: refuseVersionFields },
)
export type PatchPromptInput = z.infer<typeof PatchPromptInput>

/** A new version starts from the newest one: fields that are left out stay as they were. */
export const CreateVersionInput = z.strictObject({
  ...VersionContent,
  labels: z.array(LabelName).max(20).optional().describe('Labels to move to the new version'),
  accept_breaking: z
    .boolean()
    .optional()
    .describe('Move them although callers would be refused, where a label’s rule has `contract: "required"`'),
})
export type CreateVersionInput = z.infer<typeof CreateVersionInput>

export const DuplicatePromptInput = z.strictObject({
  name: PromptName.optional().describe('Name of the copy; made up when left out'),
})
export type DuplicatePromptInput = z.infer<typeof DuplicatePromptInput>

/** Path of everything under `/api/prompts/{name}`. The name may be an alias. */
export const PromptPath = z.strictObject({ name: PromptName.describe('Name or alias of the prompt') })
/**
 * The same path where the body holds another `name`: input and output differ (a pipe), so that both
 * reach the operation.
 */
export const CurrentPromptPath = PromptPath.transform(({ name }) => ({ current_name: name }))
export const VersionPath = PromptPath.extend({ version: VersionNumber })
export const VersionSelector = z.strictObject({
  label: LabelSelector.optional(),
  version: VersionNumber.optional(),
})
export type VersionSelector = z.infer<typeof VersionSelector>
/** What a read may choose beside: a label as it was. */
export const ReadSelector = VersionSelector.extend({
  at: Moment.optional().describe(
    'With a label (`production` without one): the version that it meant at this moment of the past',
  ),
})
export type ReadSelector = z.infer<typeof ReadSelector>

export const PROMPT_SORTS = [
  'name',
  '-name',
  'updated_at',
  '-updated_at',
  'created_at',
  '-created_at',
  'relevance',
] as const
export const ListPromptsQuery = z.strictObject({
  q: storedText(500).optional().describe('Words to find in name, title, description and text'),
  category: z
    .union([CategorySlug, z.literal('none')])
    .optional()
    .describe('Slug of a category; "none": without one'),
  tag: Tag.optional(),
  label: LabelSelector.optional().describe('Only prompts that have this label; every prompt has "latest"'),
  archived: z.enum(['true', 'false']).optional().describe('true: the archive alone'),
  sort: z.enum(PROMPT_SORTS).optional().describe('Default: relevance with q, else name'),
  usage: z.enum(['true', 'false']).optional().describe('true: each prompt with its uses by day'),
  ...PageQuery.shape,
})
export type ListPromptsQuery = z.infer<typeof ListPromptsQuery>

// ── Outputs ────────────────────────────────────────────────────────────────────────────────────

export const IncludedVersion = z.object({
  name: z.string(),
  version: z.number().int(),
  checksum: z.string(),
})
export type IncludedVersion = z.infer<typeof IncludedVersion>

export const LabelState = z.object({
  label: z.string(),
  version: z.number().int(),
  updated_at: z.iso.datetime(),
})
export type LabelState = z.infer<typeof LabelState>

export const Author = z.object({ id: z.string(), kind: z.string(), display: z.string() })
export type Author = z.infer<typeof Author>

/** A version that is included, as the including version pinned it. */
export const Include = IncludedVersion.extend({
  ref: z.string().describe('The reference as the text has it'),
  newer: z
    .number()
    .int()
    .nullable()
    .describe('The version that the reference would be pinned to now, when it is another one'),
})
export type Include = z.infer<typeof Include>

const VersionFacts = {
  name: z.string().describe('Current name of the prompt'),
  version: z.number().int(),
  kind: z.enum(['text', 'chat']),
  title: z.string(),
  description: z.string(),
  publish: Publish,
  message: z.string(),
  checksum: z.string(),
  author: Author,
  created_at: z.iso.datetime(),
  redacted_at: z.iso.datetime().nullable(),
}

/** One immutable version with its source. */
export const PromptVersion = z.object({
  ...VersionFacts,
  template_content: z.string().optional(),
  messages: z.array(PromptMessage).optional(),
  format: Format,
  variables: z.array(VariableOutput),
  config: z.record(z.string(), z.unknown()),
  checksum_v: z.number().int(),
  renderer_version: z.string(),
  labels: z.array(z.string()),
  includes: z.array(Include),
  etag: z.string().describe('ETag of the prompt'),
})
export type PromptVersion = z.infer<typeof PromptVersion>

/** A version without its source: what the list of versions holds. */
export const VersionSummary = z.object({ ...VersionFacts, labels: z.array(z.string()) })
export type VersionSummary = z.infer<typeof VersionSummary>

/** A prompt without its text: what lists hold. */
export const PromptSummary = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  description: z.string(),
  kind: z.enum(['text', 'chat']),
  category: z.string().nullable().describe('Slug'),
  tags: z.array(z.string()),
  aliases: z.array(z.string()),
  archived: z.boolean(),
  labels: z.array(LabelState),
  latest_version: z.number().int(),
  variables: z.array(z.object({ name: z.string(), required: z.boolean() })),
  publish: Publish,
  etag: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  usage: z
    .array(z.number().int())
    .optional()
    .describe('With usage=true: uses on each of the last 14 days (UTC), today last'),
})
export type PromptSummary = z.infer<typeof PromptSummary>

/** Something worth knowing that does not forbid anything. */
export const Warning = z.object({
  code: z.string(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  range: z
    .object({ start: z.number(), end: z.number(), line: z.number(), column: z.number() })
    .optional()
    .describe('Where in the text: offsets, line and column'),
  hint: z.string().optional().describe('What to write instead'),
})
export type Warning = z.infer<typeof Warning>

/** What its author should know of a change that was made. */
export const Note = z.object({ code: z.string(), message: z.string() })
export type Note = z.infer<typeof Note>

/** A prompt with one of its versions: `production`, or the one that was asked for. */
export const Prompt = PromptSummary.omit({ variables: true, usage: true }).extend({
  ...PromptVersion.omit({ name: true, labels: true, created_at: true, etag: true }).shape,
  label: z.string().nullable().describe('The label that chose the version; null: its number did'),
  version_created_at: z.iso.datetime(),
  warnings: z.array(Warning).optional().describe('In answers to a change'),
  notes: z
    .array(Note)
    .optional()
    .describe('In the answer to a new prompt that agents do not get yet: how it gets there'),
})
export type Prompt = z.infer<typeof Prompt>

export const PromptPage = pageOf(PromptSummary).extend({
  closest: z
    .array(PromptSummary)
    .optional()
    .describe(
      'When no prompt has all the words of q: those that have some of them, or a name or title written like them, the best first',
    ),
})
export type PromptPage = z.infer<typeof PromptPage>
export const VersionPage = pageOf(VersionSummary)
export type VersionPage = z.infer<typeof VersionPage>

/** A version of another prompt that includes this one: its newest, or one that has a label. */
export const UsedBy = z.object({
  name: z.string(),
  title: z.string(),
  version: z.number().int().describe('The including version'),
  newest: z.boolean().describe('Whether that is the newest version of its prompt'),
  labels: z.array(z.string()).describe('Labels of the including version'),
  ref: z.string().describe('The reference as its text has it'),
  included_version: z.number().int().describe('The version of this prompt that it is pinned to'),
})
export type UsedBy = z.infer<typeof UsedBy>
export const UsedByPage = pageOf(UsedBy)
export type UsedByPage = z.infer<typeof UsedByPage>

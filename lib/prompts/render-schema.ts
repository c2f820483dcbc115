import { z } from 'zod'
import { Format, Message, Messages, TemplateContent } from './content/content.ts'
import { IncludedVersion, ReadSelector, Warning } from './schema.ts'
import { VariableOutput, VariablesInput } from './variables/variables.ts'

export const RenderInput = z.strictObject({
  variables: z.record(z.string(), z.unknown()).optional().describe('Values by variable name'),
  ...ReadSelector.shape,
})
export type RenderInput = z.infer<typeof RenderInput>

/** A selector that is repeated becomes a text that no selector can be, and is refused as such. */
function single(given: string | string[] | undefined): string | undefined {
  return Array.isArray(given) ? given.join(',') : given
}

const Parameters = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** What the parameters are, under the names that they have in the query. */
const ReadQuery = z.strictObject({
  variables: Parameters,
  _label: ReadSelector.shape.label,
  _version: ReadSelector.shape.version,
  _at: ReadSelector.shape.at,
})

/**
 * Query of a render by GET: every parameter is a variable, but `_label`, `_version` and `_at`. A parameter that
 * is repeated is a list. Input and output differ (a pipe); the output is a RenderInput.
 */
export const RenderQuery = Parameters.transform(
  ({ _label, _version, _at, ...variables }): z.input<typeof ReadQuery> => ({
    variables,
    _label: single(_label),
    _version: single(_version),
    _at: single(_at),
  }),
)
  .pipe(ReadQuery)
  .transform(
    ({ _label: label, _version: version, _at: at, variables }): RenderInput => ({
      variables,
      label,
      version,
      at,
    }),
  )

export const RenderDraftInput = z.strictObject({
  template_content: TemplateContent.optional(),
  messages: Messages.optional(),
  format: Format.optional(),
  variables: VariablesInput.optional(),
  values: z.record(z.string(), z.unknown()).optional().describe('Values by variable name'),
})
export type RenderDraftInput = z.infer<typeof RenderDraftInput>

export const RenderedPrompt = z.object({
  name: z.string(),
  version: z.number().int(),
  label: z.string().nullable(),
  checksum: z.string(),
  content: z.string(),
  messages: z.array(Message),
  includes: z.array(IncludedVersion),
  warnings: z.array(Warning),
  receipt: z
    .string()
    .describe(
      'Of this render alone: POST /api/outcomes takes it with what came of the text; 30 days by default',
    ),
})
export type RenderedPrompt = z.infer<typeof RenderedPrompt>

/** A rendered text that belongs to no prompt. */
export const RenderedDraft = RenderedPrompt.pick({
  content: true,
  messages: true,
  includes: true,
  warnings: true,
}).extend({
  variables: z.array(VariableOutput).describe('The declared variables, or those inferred from the text'),
})
export type RenderedDraft = z.infer<typeof RenderedDraft>

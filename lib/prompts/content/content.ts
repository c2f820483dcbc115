import { z } from 'zod'
import { appError, type ErrorDetail } from '../../errors.ts'
import { canonicalText, textProblem } from '../../liquid/text.ts'
import { VariableName } from '../name.ts'
import { withFormat } from './content-fields.ts'

/** Longest URI, in characters. */
const MAX_URI_LENGTH = 2_048

/**
 * A text that can be stored: no NUL, no lone surrogate, made canonical.
 * @param max longest length in characters; left out where a limit of the configuration holds
 */
export function storedText(max?: number) {
  const text = z.string()
  return (max === undefined ? text : text.max(max))
    .check((context) => {
      const problem = textProblem(context.value)
      if (problem) {
        context.issues.push({
          code: 'custom',
          message: problem.message,
          input: context.value,
          params: { code: problem.code },
          continue: true,
        })
      }
    })
    .overwrite(canonicalText)
}

/** The bytes of all texts of a version are bounded together, by `limits.template_bytes`. */
const TemplateText = storedText()
const TemplateUri = storedText(MAX_URI_LENGTH).min(1)
const Base64 = z.base64()
const MimeType = z
  .string()
  .max(255)
  .regex(/^[\w.+-]+\/[\w.+-]+(?:\s*;.*)?$/, 'A MIME type such as image/png')
  .describe('MIME type, for example image/png')

const Role = z.enum(['system', 'user', 'assistant'])

const Annotations = z
  .strictObject({
    audience: z.array(z.enum(['user', 'assistant'])).optional(),
    priority: z.number().min(0).max(1).optional(),
    lastModified: z.iso.datetime({ offset: true }).optional(),
  })
  .describe('Hints for clients, passed on as they are')

const TextPart = z.strictObject({
  type: z.literal('text'),
  text: TemplateText.describe('Template text'),
  annotations: Annotations.optional(),
})
const ImagePart = z.strictObject({
  type: z.literal('image'),
  data: Base64.describe('The image, base64'),
  mimeType: MimeType,
  annotations: Annotations.optional(),
})
const AudioPart = z.strictObject({
  type: z.literal('audio'),
  data: Base64.describe('The sound, base64'),
  mimeType: MimeType,
  annotations: Annotations.optional(),
})
const EmbeddedResource = z
  .strictObject({
    uri: TemplateUri.describe('URI of the resource; variables work'),
    mimeType: MimeType.optional(),
    text: TemplateText.optional().describe('Text of the resource; variables work'),
    blob: Base64.optional().describe('Bytes of the resource, base64'),
  })
  .refine(
    (resource) => (resource.text === undefined) !== (resource.blob === undefined),
    'A resource has either text or blob',
  )
const ResourcePart = z.strictObject({
  type: z.literal('resource'),
  resource: EmbeddedResource,
  annotations: Annotations.optional(),
})
const ResourceLinkPart = z.strictObject({
  type: z.literal('resource_link'),
  uri: TemplateUri.describe('URI of the resource; variables work'),
  name: storedText(256).min(1),
  title: storedText(256).optional(),
  description: storedText(2_000).optional(),
  mimeType: MimeType.optional(),
  size: z.int().min(0).optional(),
  annotations: Annotations.optional(),
})

/** One part of a message, shaped like a content block of the Model Context Protocol. */
export const ContentPart = z.discriminatedUnion('type', [
  TextPart,
  ImagePart,
  AudioPart,
  ResourcePart,
  ResourceLinkPart,
])
export type ContentPart = z.infer<typeof ContentPart>

/** One message of a chat prompt; its content is a template text or a list of parts. */
export const Message = z.strictObject({
  role: Role,
  content: z.union([TemplateText, z.array(ContentPart).min(1)]),
})
export type Message = z.infer<typeof Message>

/** The place in a chat prompt for messages that are given at render time, under its name. */
export const Placeholder = z.strictObject({
  type: z.literal('placeholder'),
  name: VariableName.describe('Its name among the variables'),
  required: z.boolean().optional().describe('Left out: yes'),
})
export type Placeholder = z.infer<typeof Placeholder>

/** What a chat prompt is made of. */
export const PromptMessage = z.union([Message, Placeholder])
export type PromptMessage = z.infer<typeof PromptMessage>

/** How texts are read; literal texts are sent as they stand. */
export const Format = z.enum(['liquid', 'text']).describe('text: literal, without variables')
export type Format = z.infer<typeof Format>

export const TemplateContent = TemplateText.describe(
  'Template text in Liquid; {{ name }} inserts a variable, {% raw %}…{% endraw %} keeps braces as they are. The language is at /docs/templates',
)
export const Messages = z
  .array(PromptMessage)
  .min(1)
  .describe('Messages of a chat prompt; variables work in every text and URI')

/** Only what differs from Liquid is kept, so that a version means the same with and without the field. */
const Literal = { format: z.literal('text').optional() }

/** What a version says: one text, or the messages of a chat. */
export const PromptContent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), template_content: TemplateContent, ...Literal }),
  z.strictObject({ kind: z.literal('chat'), messages: Messages, ...Literal }),
])
export type PromptContent = z.infer<typeof PromptContent>
export type PromptKind = PromptContent['kind']

/**
 * Makes a content from the fields of the wire: exactly one of text and messages must be there.
 * @throws AppError invalid_input when both or none are given, or when the texts break a rule
 */
export function contentFrom(fields: {
  template_content?: unknown
  messages?: unknown
  format?: Format | undefined
}): PromptContent {
  const hasText = fields.template_content !== undefined
  if (hasText === (fields.messages !== undefined)) {
    throw appError('invalid_input', 'Give either template_content or messages', {
      details: [
        {
          path: ['template_content'],
          code: 'one_of',
          message: 'Exactly one of template_content and messages is needed',
        },
      ],
    })
  }
  const parsed = PromptContent.safeParse(
    hasText
      ? { kind: 'text', template_content: fields.template_content }
      : { kind: 'chat', messages: fields.messages },
  )
  if (parsed.success) return withFormat(parsed.data, fields.format)
  throw appError('invalid_input', 'The content is not valid', {
    details: parsed.error.issues.flatMap(branchIssues).map(toDetail),
  })
}

/** Of a union that fits nowhere the issues of the branch that came furthest: they name the real place. */
function branchIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const depth = (branch: z.core.$ZodIssue[]) => Math.max(0, ...branch.map((inner) => inner.path.length))
  const [best] = issue.errors.toSorted(
    (left, right) => depth(right) - depth(left) || left.length - right.length,
  )
  if (!best || depth(best) === 0) return [issue]
  return best.flatMap((inner) => branchIssues({ ...inner, path: [...issue.path, ...inner.path] }))
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const params = issue.code === 'custom' ? issue.params : undefined
  const code = typeof params?.code === 'string' ? params.code : issue.code
  return { path, code, message: issue.message }
}

import { z } from 'zod'
import { foldTag } from '../liquid/name-rules.ts'
import { WrittenNumber } from '../numbers/schema.ts'
import { LabelSelector, VersionNumber } from '../prompts/name.ts'
import { Moment } from '../time.ts'

/** What Langfuse's clients ask for and are answered, in their own names (camelCase). */

export const LangfusePromptPath = z.strictObject({
  // Names of Langfuse may have any sign; those that no prompt has here are answered with 404 and a hint.
  name: z.string().max(500).describe('Name or alias of the prompt'),
})

export const LangfusePromptQuery = z.strictObject({
  label: LabelSelector.optional().describe('Default: production'),
  version: VersionNumber.optional(),
  resolve: z
    .enum(['true', 'false'])
    .optional()
    .describe('What a prompt includes is always written out; false is accepted and changes nothing'),
})

export const LangfuseListQuery = z.strictObject({
  name: z.string().max(500).optional(),
  label: LabelSelector.optional(),
  tag: z.string().max(100).overwrite(foldTag).optional(),
  page: WrittenNumber(z.int().min(1).max(100_000)).optional().describe('From 1'),
  limit: WrittenNumber(z.int().min(1).max(100)).optional().describe('Default: 50'),
  fromUpdatedAt: Moment.optional(),
  toUpdatedAt: Moment.optional(),
})
export type LangfuseListQuery = z.infer<typeof LangfuseListQuery>

const Message = z.union([
  z.object({ type: z.literal('chatmessage'), role: z.string(), content: z.string() }),
  z.object({ type: z.literal('placeholder'), name: z.string() }),
])

const Facts = {
  id: z.string(),
  name: z.string(),
  version: z.number().int(),
  config: z.record(z.string(), z.unknown()),
  labels: z.array(z.string()).describe('Those that name this version, and latest for the newest'),
  tags: z.array(z.string()),
  commitMessage: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
  isActive: z.boolean().describe('Whether agents get it: it has the label production'),
  resolutionGraph: z.null(),
  notes: z
    .array(z.string())
    .optional()
    .describe('What the version says and Langfuse’s clients do not do: defaults of variables'),
  etag: z.string().describe('ETag of the prompt'),
}

export const LangfusePrompt = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), prompt: z.string(), ...Facts }),
  z.object({ type: z.literal('chat'), prompt: z.array(Message), ...Facts }),
])
export type LangfusePrompt = z.infer<typeof LangfusePrompt>

export const LangfusePromptList = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['text', 'chat']),
      versions: z.array(z.number().int()),
      labels: z.array(z.string()),
      tags: z.array(z.string()),
      lastUpdatedAt: z.iso.datetime(),
      lastConfig: z.record(z.string(), z.unknown()),
    }),
  ),
  meta: z.object({
    page: z.number().int(),
    limit: z.number().int(),
    totalItems: z.number().int(),
    totalPages: z.number().int(),
  }),
})
export type LangfusePromptList = z.infer<typeof LangfusePromptList>

import { z } from 'zod'
import { CategorySlug } from '../categories/schema.ts'
import { PromptName } from './name.ts'
import { refuseVersionFields, Tag } from './schema.ts'

/** The change to each prompt; fields that are left out stay as they are. */
export const BulkPatch = z
  .strictObject(
    {
      archived: z.boolean().optional().describe('true archives, false restores'),
      category: CategorySlug.nullable().optional().describe('Slug of the category to move to; null: none'),
      add_tags: z.array(Tag).optional().describe('Tags to add to those there are'),
      remove_tags: z.array(Tag).optional().describe('Tags to take away where they are'),
    },
    { error: refuseVersionFields },
  )
  .refine((patch) => Object.keys(patch).length > 0, 'Say what to change')
  .refine(
    ({ add_tags = [], remove_tags = [] }) => !add_tags.some((tag) => remove_tags.includes(tag)),
    'A tag cannot be added and taken away at once',
  )
export type BulkPatch = z.infer<typeof BulkPatch>

export const BulkPromptsInput = z.strictObject({
  names: z
    .array(PromptName)
    .min(1)
    .describe('Names or aliases, each prompt once; archived prompts too; at most `limits.bulk_names`'),
  patch: BulkPatch,
  etags: z
    .record(z.string(), z.string().max(200))
    .optional()
    .describe('By name: the ETag that was read; a prompt that was changed since fails, alone'),
})
export type BulkPromptsInput = z.infer<typeof BulkPromptsInput>

/** What a prompt was before, as far as a bulk change can touch it. */
const BulkState = z.object({
  category: z.string().nullable().describe('Slug'),
  tags: z.array(z.string()),
  archived: z.boolean(),
})
type BulkState = z.infer<typeof BulkState>

/** Why one prompt was left as it is. */
export const BulkProblem = z.object({
  code: z
    .enum(['not_found', 'forbidden', 'precondition_failed', 'conflict', 'unprocessable', 'too_large'])
    .describe('As the same change of this prompt alone would be answered'),
  detail: z.string(),
  current_etag: z.string().optional().describe('With precondition_failed'),
  who: z.array(z.string()).optional().describe('With forbidden: members who may'),
  used_by: z.array(z.string()).optional().describe('With conflict: prompts that include it'),
})
export type BulkProblem = z.infer<typeof BulkProblem>

export const BulkResult = z.object({
  name: z.string().describe('As it was sent'),
  status: z.enum(['ok', 'failed']),
  changed: z.boolean().describe('false also when the prompt was like that already'),
  etag: z.string().nullable().describe('The ETag that it has now; null when there is no such prompt'),
  before: BulkState.nullable().describe('null when there is no such prompt'),
  problem: BulkProblem.nullable(),
})
export type BulkResult = z.infer<typeof BulkResult>

export const BulkAnswer = z.object({
  items: z.array(BulkResult).describe('In the order of `names`, each name once'),
  changed: z.number().int(),
  failed: z.number().int(),
  undo: z
    .array(
      z.object({
        names: z.array(z.string()),
        patch: z.object({
          archived: z.boolean().optional(),
          category: z.string().nullable().optional(),
          add_tags: z.array(z.string()).optional(),
          remove_tags: z.array(z.string()).optional(),
        }),
        etags: z.record(z.string(), z.string()),
      }),
    )
    .describe('Bodies for this same operation that take it all back; changes since then are left alone'),
})
export type BulkAnswer = z.infer<typeof BulkAnswer>

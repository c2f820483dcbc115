import { z } from 'zod'
import { SCOPES } from '../access/rules.ts'
import { CategorySlug } from '../categories/schema.ts'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { LabelSelector } from '../prompts/name.ts'
import { Moment } from '../time.ts'
import { KEY_NAME_LENGTH, OVERLAP_HOURS, PRESETS, type Preset } from './rules.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

const Name = storedText(KEY_NAME_LENGTH)
  .refine((name) => name.trim() !== '', 'A key needs a name')
  .describe('What people read: where the key is used')
const Scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length)

const KEY_KINDS = ['personal', 'service'] as const
const Kind = z
  .enum(KEY_KINDS)
  .describe('A personal key ends with the membership of its person; a service key belongs to nobody')

const PRESET_NAMES = Object.keys(PRESETS) as [Preset, ...Preset[]]

export const CreateKeyInput = z
  .strictObject({
    name: Name,
    kind: Kind.optional().describe('personal when left out; service keys are made by who manages members'),
    preset: z
      .enum(PRESET_NAMES)
      .optional()
      .describe(
        'Instead of scopes: agent (reads what `production` names), author, ci, or full (all that its person may)',
      ),
    scopes: Scopes.optional().describe('What the key may do; no more than whoever makes it'),
    label: LabelSelector.nullable().optional().describe('The one label that it reads by; null: any'),
    categories: z
      .array(CategorySlug)
      .max(1000)
      .nullable()
      .optional()
      .describe('Slugs of the categories that it may write and release in; null: all that its person may'),
    expires_at: Moment.nullable()
      .optional()
      .describe('null: never; after `security.key_days` days when left out'),
  })
  .refine(({ preset, scopes }) => (preset === undefined) !== (scopes === undefined), {
    error: 'Name either a preset or scopes',
    path: ['scopes'],
  })
export type CreateKeyInput = z.infer<typeof CreateKeyInput>

export const RotateKeyInput = z.strictObject({
  overlap_hours: z
    .int()
    .min(0)
    .max(OVERLAP_HOURS.most)
    .optional()
    .describe(`Hours for which the old text goes on working; ${OVERLAP_HOURS.usual} when left out`),
})
export type RotateKeyInput = z.infer<typeof RotateKeyInput>

export const KeyPath = z.strictObject({ id: z.uuid().describe('Id of the key') })

export const ListKeysQuery = z.strictObject({
  kind: Kind.optional(),
  revoked: z.enum(['true', 'false']).optional().describe('true: the revoked ones alone'),
  ...PageQuery.shape,
})
export type ListKeysQuery = z.infer<typeof ListKeysQuery>

const KeyActor = z.object({ id: z.string(), display: z.string() })

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(KEY_KINDS),
  prefix: z.string().describe('The first characters of the key'),
  scopes: z.array(z.enum(SCOPES)),
  label: z.string().nullable(),
  categories: z.array(z.string()).nullable().describe('Slugs; null: not narrowed'),
  person: KeyActor.nullable().describe('Whose key it is; null: a service key'),
  created_by: KeyActor,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().describe('To within some minutes'),
  status: z.enum(['active', 'expires_soon', 'expired', 'revoked', 'rotating']),
  previous_until: z.iso
    .datetime()
    .nullable()
    .describe('Until then a text from before the last rotation works as well'),
})
export type ApiKey = z.infer<typeof ApiKey>

export const ApiKeyPage = pageOf(ApiKey)
export type ApiKeyPage = z.infer<typeof ApiKeyPage>

/** The one answer that holds the key's text. */
export const NewApiKey = ApiKey.extend({
  key: z.string().describe('The key itself, shown this once'),
  notes: z.array(z.object({ code: z.string(), message: z.string() })).describe('Worth knowing about it'),
})
export type NewApiKey = z.infer<typeof NewApiKey>

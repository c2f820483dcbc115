import { z } from 'zod'
import { CategorySlug } from '../categories/schema.ts'
import { PageQuery, pageOf } from '../page.ts'
import { BrokenLabel } from '../prompts/impact/schema.ts'
import { LabelSelector, PromptName } from '../prompts/name.ts'
import { Author, Tag } from '../prompts/schema.ts'
import { ITEM_ACTIONS, ON_CONFLICT } from './rules.ts'

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

// ── Export ─────────────────────────────────────────────────────────────────────────────────────

const NameList = z
  .union([PromptName.transform((name) => [name]), z.array(PromptName)])
  .meta({ override: { type: 'array', items: { type: 'string' } } })

export const ExportQuery = z.strictObject({
  prompt: NameList.optional().describe('Only these prompts, by name or alias; can be repeated'),
  category: z
    .union([CategorySlug, z.literal('none')])
    .optional()
    .describe('Only prompts of this category; "none": those without one'),
  label: LabelSelector.optional().describe(
    'Only prompts that have this label, in the version that it names; left out: the newest version of each',
  ),
  versions: z
    .enum(['current', 'all'])
    .optional()
    .describe('all: every version besides, the older ones beside each prompt’s file. Default: current'),
  includes: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      'true: also the prompts that these include, in the versions that their texts are pinned to and as they are now. Default: false',
    ),
})
export type ExportQuery = z.infer<typeof ExportQuery>

export const ExportCount = z.object({
  prompts: z.int().describe('Prompts that the filters leave'),
  included: z.int().describe('Other prompts that these include, directly or not'),
})
export type ExportCount = z.infer<typeof ExportCount>

/** A reference in a text, and what it was pinned to. */
const ManifestInclude = z.looseObject({
  ref: z.string().describe('As the text names it'),
  name: z.string(),
  version: z.int(),
  checksum: z.string(),
})

/** What a bundle says of itself: `incipit.json`. */
export const Manifest = z.looseObject({
  format_version: z.int().min(1).describe('Form of the bundle'),
  source: z.looseObject({
    url: z.string().describe('Public address of the instance'),
    version: z.string().describe('Version of Incipit'),
    exported_at: z.iso.datetime(),
    revision: z.int().describe('Revision of the workspace'),
  }),
  prompts: z.array(
    z.looseObject({
      name: z.string(),
      version: z.int(),
      checksum: z.string().describe('Checksum of the version, of which a lock file is made'),
      path: z.string().describe('File in the bundle'),
      sha256: z.string().describe('SHA-256 of the file, in hex'),
      includes: z
        .array(ManifestInclude)
        .optional()
        .describe('Versions that its includes are pinned to; an import pins them to the same'),
      included: z
        .literal(true)
        .optional()
        .describe('It was not asked for itself, and came along since others include its prompt'),
    }),
  ),
  redacted: z
    .array(z.looseObject({ name: z.string(), version: z.int() }))
    .optional()
    .describe('Versions that were asked for and are in no file: their texts were erased'),
})
export type Manifest = z.infer<typeof Manifest>

// ── Import ─────────────────────────────────────────────────────────────────────────────────────

const OnConflict = z
  .enum(ON_CONFLICT)
  .describe(
    'Where the name is taken: version (a new version of that prompt), rename (a new prompt, with -2 behind its name), skip',
  )

const ItemPlace = z.strictObject({
  path: z.string().max(1024).describe('File, as it was brought'),
  entry: z.string().max(200).optional().describe('Entry of a file that holds several'),
})

export const ImportPlan = z
  .strictObject({
    format: z.string().max(64).optional().describe('Format of all files; left out, each is recognized'),
    columns: z
      .record(z.string().max(64), z.string().max(200))
      .optional()
      .describe('Columns of a table, by what they hold: {"name": "Title", "text": "Prompt"}'),
    defaults: z
      .strictObject({
        category: CategorySlug.nullable().optional().describe('Category of items that have none'),
        tags: z.array(Tag).max(50).optional().describe('Tags that every new prompt gets besides its own'),
        on_conflict: OnConflict.optional(),
        labels: z.boolean().optional().describe('false: labels of files move nothing. Default: true'),
      })
      .optional(),
    items: z
      .array(
        z.strictObject({
          source: ItemPlace,
          name: PromptName.optional().describe('Another name than that of the source'),
          category: CategorySlug.nullable().optional(),
          skip: z.boolean().optional().describe('true: it is left out'),
          on_conflict: OnConflict.optional(),
        }),
      )
      .max(100_000)
      .optional()
      .describe('What to do with single items; the others go by `defaults`'),
  })
  .describe('What to do with what is brought')
export type ImportPlan = z.infer<typeof ImportPlan>

const Address = z.url({ protocol: /^https?$/ }).max(2048)

export const ImportSource = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('langfuse'),
      url: Address.describe('Address of the Langfuse instance'),
      public_key: z.string().min(1).max(500),
      secret_key: z.string().min(1).max(500),
    }),
    z.strictObject({
      kind: z.literal('mcp'),
      url: Address.describe('Endpoint of an MCP server'),
      headers: z.record(z.string().max(200), z.string().max(8192)).optional(),
    }),
  ])
  .describe('An address to fetch prompts from, in place of files; its secrets are neither kept nor logged')
export type ImportSource = z.infer<typeof ImportSource>

export const ImportBody = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(1024).describe('Path within what is brought, with "/" between folders'),
        text: z.string().optional().describe('Its text'),
        base64: z.base64().optional().describe('Its bytes, where it is no text; a zip, for example'),
      }),
    )
    .optional(),
  plan: ImportPlan.optional(),
  source: ImportSource.optional(),
  kept: z
    .uuid()
    .optional()
    .describe('In place of files or a source: what a dry run of yours kept; where it is gone, 404'),
})
export type ImportBody = z.infer<typeof ImportBody>

export const ImportQuery = z.strictObject({
  dry_run: z.enum(['true', 'false']).optional().describe('true: tells what would happen, and does nothing'),
})

const ImportNote = z.object({
  line: z.int().optional().describe('Line in the file that was brought, from 1'),
  message: z.string(),
})
export type ImportNote = z.infer<typeof ImportNote>

const Conversion = z.object({
  path: z.array(z.union([z.string(), z.number()])).describe('Where the text stands in the version'),
  language: z.string().describe('The template language that it was written in'),
  before: z.string(),
  after: z.string(),
})

export const ImportItem = z.object({
  name: z.string().describe('Name of the prompt here'),
  action: z
    .enum(ITEM_ACTIONS)
    .describe(
      'create: a new prompt; version: a new version; unchanged: it is like that already; skipped: as the plan says; conflict and refused: nothing, and the notes say why',
    ),
  version: z.int().optional().describe('The newest version that it has then'),
  moved: z
    .literal(true)
    .optional()
    .describe(
      'Beside `unchanged`: labels, category, tags or aliases change, or it comes back from the archive',
    ),
  title: z.string(),
  category: z.string().nullable().describe('Slug'),
  tags: z.array(z.string()),
  labels: z.array(z.string()).optional().describe('Labels that name the newest version then, by this import'),
  breaking: z
    .array(BrokenLabel)
    .optional()
    .describe(
      'In the answer of an import and of a dry run: what the labels that move would refuse of what callers do',
    ),
  notes: z.array(ImportNote).describe('What is lost or changed, and why'),
  source: z.object({
    path: z.string(),
    line: z.int().optional(),
    entry: z.string().optional(),
    format: z.string(),
  }),
  conversions: z
    .array(Conversion)
    .optional()
    .describe('In a dry run: texts that were written in another template language'),
})
export type ImportItem = z.infer<typeof ImportItem>

export const ImportCounts = z.object({
  create: z.int(),
  version: z.int(),
  unchanged: z.int(),
  skipped: z.int(),
  conflict: z.int(),
  refused: z.int(),
})
export type ImportCounts = z.infer<typeof ImportCounts>

export const ImportAnswer = z.object({
  id: z.uuid().nullable().describe('Id of the import; null for a dry run'),
  kept: z
    .uuid()
    .optional()
    .describe(
      'In a dry run: what was brought is kept for a while and can be named by this, in place of sending it again',
    ),
  counts: ImportCounts.describe('How many items have each action'),
  items: z.array(ImportItem),
  unread: z.array(z.string()).describe('Paths of files that hold no prompt'),
})
export type ImportAnswer = z.infer<typeof ImportAnswer>

export const ImportPath = z.strictObject({ id: z.uuid().describe('Id of the import') })

/** An import that was made, without its items. */
export const ImportSummary = z.object({
  id: z.uuid(),
  created_by: Author,
  created_at: z.iso.datetime(),
  origin: z.string().describe('What was brought: a file, "12 files", or an address'),
  formats: z.array(z.string()),
  counts: ImportCounts,
  undone_at: z.iso.datetime().nullable(),
  undone_by: Author.nullable(),
})
export type ImportSummary = z.infer<typeof ImportSummary>

export const ImportDetail = ImportSummary.extend({
  items: z.array(ImportItem),
  unread: z.array(z.string()),
})
export type ImportDetail = z.infer<typeof ImportDetail>

export const ListImportsQuery = z.strictObject({ ...PageQuery.shape })
export type ListImportsQuery = z.infer<typeof ListImportsQuery>
export const ImportPage = pageOf(ImportSummary)
export type ImportPage = z.infer<typeof ImportPage>

export const UndoImportInput = z.strictObject({
  accept_breaking: z
    .boolean()
    .optional()
    .describe(
      'Move labels back although callers would be refused, where their rule has `contract: "required"`',
    ),
})

export const UndoneImport = z.object({
  id: z.uuid(),
  archived: z.int().describe('Prompts that it had made, now in the archive'),
  reverted: z.int().describe('Prompts that have a new version with what was there before'),
  labels: z.int().describe('Labels that moved back'),
})
export type UndoneImport = z.infer<typeof UndoneImport>

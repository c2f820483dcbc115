import { z } from 'zod'
import { CategorySlug } from '../categories/schema.ts'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { Author } from '../prompts/schema.ts'
import { ON_CONFLICT } from '../transfer/rules.ts'
import { ImportCounts } from '../transfer/schema.ts'
import { AuthorizationHeader } from '../webhooks/schema.ts'
import {
  ARCHIVE_URL_LENGTH,
  FOLDER_LENGTH,
  REF_LENGTH,
  REPOSITORY_NAME_LENGTH,
  USUAL_FOLDER,
} from './rules.ts'

export const RepositoryPath = z.strictObject({ id: z.uuid().describe('Id of the repository') })

const Name = storedText(REPOSITORY_NAME_LENGTH).trim().min(1).describe('What people call it')
const ArchiveUrl = z
  .url({ protocol: /^https?$/ })
  .max(ARCHIVE_URL_LENGTH)
  .describe('Address of a zip of the branch, by https; private hosts need `imports.allowed_hosts`')
const Ref = storedText(REF_LENGTH)
  .trim()
  .min(1)
  .describe('The branch whose pushes count, such as main; it is the one that the address names')
const Folder = storedText(FOLDER_LENGTH)
  .trim()
  .refine((folder) => !folder.split('/').includes('..'), 'A folder within the repository, without ".."')
  .describe(`Where the prompts are in the repository; "${USUAL_FOLDER}" by default, "" for all of it`)
const Authorization = AuthorizationHeader.describe(
  'The header Authorization that the archive asks for, "Bearer …". It is never answered; null removes it',
)
const OnConflict = z
  .enum(ON_CONFLICT)
  .describe('What to do where a prompt has the name already; version by default')
const Labels = z
  .boolean()
  .describe('Whether labels of files move, which needs the right prompts:release; false by default')
const Category = CategorySlug.nullable().describe('Category of new prompts that name none')

const CHOICES = {
  folder: Folder.optional(),
  authorization: Authorization.optional(),
  on_conflict: OnConflict.optional(),
  labels: Labels.optional(),
  category: Category.optional(),
  enabled: z.boolean().optional().describe('true by default'),
}

export const CreateRepositoryInput = z.strictObject({
  name: Name,
  archive_url: ArchiveUrl,
  ref: Ref,
  ...CHOICES,
})
export type CreateRepositoryInput = z.infer<typeof CreateRepositoryInput>

export const PatchRepositoryInput = z.strictObject({
  name: Name.optional(),
  archive_url: ArchiveUrl.optional(),
  ref: Ref.optional(),
  ...CHOICES,
})
export type PatchRepositoryInput = z.infer<typeof PatchRepositoryInput>

const LastSync = z.object({
  at: z.iso.datetime(),
  commit: z.string().nullable().describe('As the push told it'),
  counts: ImportCounts.nullable().describe('How many prompts have each action'),
  error: z.string().nullable().describe('Why nothing came'),
  import: z.uuid().nullable().describe('The import, which can be undone; null: nothing was new'),
})

export const Repository = z.object({
  id: z.uuid(),
  name: z.string(),
  archive_url: z.string(),
  ref: z.string(),
  folder: z.string(),
  has_authorization: z.boolean(),
  on_conflict: OnConflict,
  labels: z.boolean(),
  category: z.string().nullable(),
  enabled: z.boolean(),
  hook_url: z.string().describe('The address that the git host is given'),
  acts_for: Author.describe('With whose rights prompts are made: who made or last changed it'),
  waiting: z.boolean().describe('Whether it is being looked at, or will be'),
  next_at: z.iso.datetime().nullable().describe('When it is tried again'),
  last_sync: LastSync.nullable().describe('What came of the last look'),
  created_by: Author,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  etag: z.string(),
})
export type Repository = z.infer<typeof Repository>

export const NewRepository = Repository.extend({
  secret: z.string().describe('What the git host signs with, "whsec_…". It is answered this once'),
})
export type NewRepository = z.infer<typeof NewRepository>

export const RepositoryPage = pageOf(Repository)
export type RepositoryPage = z.infer<typeof RepositoryPage>

export const ListRepositoriesQuery = z.strictObject({ ...PageQuery.shape })

/** What a git host says of a push. Everything else of it is left. */
export const Push = z.looseObject({
  ref: z.string().optional().describe('The branch: "refs/heads/main" or "main"'),
  after: z.string().optional().describe('The commit that it is at now'),
})
export const HookAnswer = z.object({
  accepted: z.boolean(),
  ignored: z.string().optional().describe('Why nothing follows'),
})
export type HookAnswer = z.infer<typeof HookAnswer>

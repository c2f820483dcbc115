import { z } from 'zod'
import { pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { Author } from '../prompts/schema.ts'
import { VIEW_NAME_LENGTH, VIEW_PAGES, VIEW_QUERY_LENGTH } from './rules.ts'

const Page = z.enum(VIEW_PAGES)

export const ViewsQuery = z.strictObject({ page: Page.optional().describe('Views of this page') })
export type ViewsQuery = z.infer<typeof ViewsQuery>

export const SaveViewInput = z.strictObject({
  page: Page,
  name: storedText(VIEW_NAME_LENGTH)
    .transform((name) => name.trim())
    .pipe(z.string().min(1, 'A view needs a name')),
  query: storedText(VIEW_QUERY_LENGTH)
    .regex(/^[^?#\s]*$/, 'must be the query of an address, without its question mark')
    .describe('The query of the address of the page, such as `range=7d&surface=mcp`'),
  shared: z
    .boolean()
    .optional()
    .describe('Everybody who may see the page is offered it; this takes prompts:write. Default: false'),
})
export type SaveViewInput = z.infer<typeof SaveViewInput>

export const ViewPath = z.strictObject({ id: z.uuid() })

/** The address of a page, under a name. */
export const SavedView = z.object({
  id: z.string(),
  page: Page,
  name: z.string(),
  query: z.string(),
  shared: z.boolean(),
  author: Author,
  created_at: z.iso.datetime(),
})
export type SavedView = z.infer<typeof SavedView>

export const SavedViewList = pageOf(SavedView).extend({
  next_cursor: z.null().describe('All views fit on one page'),
})
export type SavedViewList = z.infer<typeof SavedViewList>

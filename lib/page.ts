import { z } from 'zod'
import { WrittenNumber } from './numbers/schema.ts'

/** Query of every list. Sizes above the configured maximum are refused, not cut. */
export const PageQuery = z.strictObject({
  limit: WrittenNumber(z.int().min(1)).optional().describe('Items on the page; 50 by default, 200 at most'),
  cursor: z
    .string()
    .max(2000)
    .optional()
    .describe('The next_cursor of the page before; belongs to its sort and filters'),
})
export type PageQuery = z.infer<typeof PageQuery>

/** How a list comes: as a page, or whole as a file. */
export const FileFormat = z.enum(['json', 'csv', 'jsonl'])
export type FileFormat = z.infer<typeof FileFormat>

/** The query's part of lists that are files too. */
export const FileQuery = {
  format: FileFormat.optional().describe(
    'json: a page; csv, jsonl: everything that the filters leave, as a file',
  ),
}

export function isForFile({ format = 'json' }: { format?: FileFormat | undefined }): boolean {
  return format !== 'json'
}

/** What an endpoint whose list is a file too says of that, with the limit of its rows. */
export const FILE_TYPES = ['text/csv', 'application/jsonl']
export const fileDescription = (limit: string) =>
  `With \`format=csv\` (RFC 4180) or \`format=jsonl\` (a JSON text a line) everything that the filters leave, as a file that is sent while it is read. Beyond \`${limit}\` its last line says with which \`cursor\` to go on. A cell of a CSV that a spreadsheet would take for a formula begins with an apostrophe.`

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('null on the last page'),
  })
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

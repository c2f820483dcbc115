import { z } from 'zod'

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

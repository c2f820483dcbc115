import { z } from 'zod'
import { LabelSelector, VersionNumber } from './name.ts'

const Side = z.union([VersionNumber, LabelSelector])

export const DiffQuery = z.strictObject({
  from: Side.describe('The older side: number of a version, or a label'),
  to: Side.describe('The newer side: number of a version, or a label'),
})
export type DiffQuery = z.infer<typeof DiffQuery>

const Kind = z.enum(['same', 'added', 'removed'])
const Line = z.object({
  kind: Kind,
  text: z.string().describe('The line without its line end'),
  old_line: z.number().int().nullable().describe('Number of the line on the older side, from 1'),
  new_line: z.number().int().nullable().describe('Number of the line on the newer side, from 1'),
  words: z
    .array(z.object({ kind: Kind, text: z.string() }))
    .optional()
    .describe('What changed inside the line'),
})
const Hunk = z.object({
  old_start: z.number().int(),
  old_count: z.number().int(),
  new_start: z.number().int(),
  new_count: z.number().int(),
  lines: z.array(Line),
})

/** How two versions of a prompt differ: only the fields that do. */
export const VersionDiff = z.object({
  name: z.string(),
  from: z.number().int().describe('Number of the older side'),
  to: z.number().int().describe('Number of the newer side'),
  fields: z.array(
    z.object({
      field: z.enum(['title', 'description', 'format', 'content', 'variables', 'config', 'publish']),
      added: z.number().int().describe('Lines that only the newer side has'),
      removed: z.number().int().describe('Lines that only the older side has'),
      hunks: z.array(Hunk),
    }),
  ),
  left_out: z
    .number()
    .int()
    .describe(
      'Lines that are not in `hunks`, since a comparison has at most `limits.diff_rows`; each version can be read whole',
    ),
})
export type VersionDiff = z.infer<typeof VersionDiff>

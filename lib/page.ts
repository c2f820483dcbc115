import { z } from 'zod'

/** Query of every list. Sizes above the configured maximum are refused, not cut. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).optional().describe('Items on the page; 50 by default, 200 at most'),
  cursor: z
    .string()
    .max(2000)
    .optional()
    .describe('The next_cursor of the page before; belongs to its sort and filters'),
})
export type PageQuery = z.infer<typeof PageQuery>

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

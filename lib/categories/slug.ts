import { z } from 'zod'

/** Identifies a category in its workspace. `none` is what the list filter calls "without a category". */
export const CategorySlug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'A category slug is lower-case letters, digits, "_" and "-", at most 64 characters',
  )
  .refine((slug) => slug !== 'none' && slug !== 'order', 'This slug is reserved')
  .describe('Slug of a category')
export type CategorySlug = z.infer<typeof CategorySlug>

import { z } from 'zod'
import { SLUG } from '../slug.ts'
import { isReservedSlug } from './rules.ts'

/** Identifies a category in its workspace. */
export const CategorySlug = z
  .string()
  .regex(SLUG, 'A category slug is lower-case letters, digits, "_" and "-", at most 64 characters')
  .refine((slug) => !isReservedSlug(slug), 'This slug is reserved')
  .describe('Slug of a category')
export type CategorySlug = z.infer<typeof CategorySlug>

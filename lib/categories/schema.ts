import { z } from 'zod'
import { storedText } from '../prompts/content/content.ts'
import { SLUG } from '../slug.ts'
import { DESCRIPTION_LENGTH, isReservedSlug, NAME_LENGTH } from './rules.ts'

/** Identifies a category in its workspace. */
export const CategorySlug = z
  .string()
  .regex(SLUG, 'A category slug is lower-case letters, digits, "_" and "-", at most 64 characters')
  .refine((slug) => !isReservedSlug(slug), 'This slug is reserved')
  .describe('Slug of a category')
export type CategorySlug = z.infer<typeof CategorySlug>

/** Inputs are strict and carry no defaults; defaults live in operations. Outputs stay open. */

const Name = storedText(NAME_LENGTH)
  .refine((name) => name.trim() !== '', 'A category needs a name')
  .describe('What people read')
const Description = storedText(DESCRIPTION_LENGTH).describe('What belongs into it; agents choose by it')
const Color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/, 'A color is "#" and six hexadecimal digits in lower case')
  .describe('Color of its mark, for example "#2f6fde"')
const Position = z.number().int().min(0).max(1_000_000).describe('Place in the order; equal ones by slug')

export const CreateCategoryInput = z.strictObject({
  slug: CategorySlug,
  name: Name,
  description: Description.optional(),
  color: Color.optional().describe('Color of its mark; the next of a palette when left out'),
  position: Position.optional().describe('Place in the order; the last when left out'),
})
export type CreateCategoryInput = z.infer<typeof CreateCategoryInput>

export const PatchCategoryInput = z.strictObject({
  slug: CategorySlug.optional().describe('New slug; the old one is free afterwards'),
  name: Name.optional(),
  description: Description.optional(),
  color: Color.optional(),
  position: Position.optional(),
})
export type PatchCategoryInput = z.infer<typeof PatchCategoryInput>

export const CategoryPath = z.strictObject({ slug: CategorySlug })
/** The same path where the body holds another `slug`. */
export const CurrentCategoryPath = CategoryPath.transform(({ slug }) => ({ current_slug: slug }))

export const Category = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  color: z.string(),
  position: z.number().int(),
  prompt_count: z.number().int().describe('Active prompts in it'),
})
export type Category = z.infer<typeof Category>

export const CategoryList = z.object({ categories: z.array(Category).describe('In order of position') })
export type CategoryList = z.infer<typeof CategoryList>

export const MergeCategoryInput = z.strictObject({
  into: CategorySlug.describe('Slug of the category that the prompts move to'),
})
export type MergeCategoryInput = z.infer<typeof MergeCategoryInput>

export const MergedCategory = z.object({
  /** The category that took the prompts. */
  into: Category,
  moved: z.number().int().describe('Prompts that moved, archived ones included'),
  undo: z
    .object({
      category: Category.omit({ prompt_count: true }).describe('Body for POST /api/categories'),
      bulk: z
        .array(z.object({ names: z.array(z.string()), patch: z.object({ category: z.string() }) }))
        .describe('Bodies for POST /api/prompts/bulk, to be sent after it'),
    })
    .describe('What takes the merge back'),
})
export type MergedCategory = z.infer<typeof MergedCategory>

export const OrderCategoriesInput = z.strictObject({
  slugs: z
    .array(CategorySlug)
    .max(10_000)
    .describe('The slugs of all categories in the order they shall have'),
})
export type OrderCategoriesInput = z.infer<typeof OrderCategoriesInput>

import type { Category } from '#lib/categories/schema.ts'
import type { TagPage } from '#lib/prompts/list-schema.ts'

/** What the list needs to know of a category. */
export type CategoryFacts = Pick<Category, 'slug' | 'name' | 'color' | 'prompt_count'>

/** What it needs to know of a tag. */
export type TagFacts = TagPage['items'][number]

/** A category without its description, which only its own page shows. */
export function categoryFacts({ slug, name, color, prompt_count }: CategoryFacts): CategoryFacts {
  return { slug, name, color, prompt_count }
}

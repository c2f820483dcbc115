import type { Category } from '#lib/categories/schema.ts'
import { foldTag, isTag } from '#lib/liquid/name-rules.ts'
import type { TagPage } from '#lib/prompts/list-schema.ts'

/** The fields of a category that the list needs. */
export type CategoryFacts = Pick<Category, 'slug' | 'name' | 'color' | 'prompt_count'>

/** The fields of a tag that the list needs. */
export type TagFacts = TagPage['items'][number]

/** A category without its description, which only its own page shows. */
export function categoryFacts({ slug, name, color, prompt_count }: CategoryFacts): CategoryFacts {
  return { slug, name, color, prompt_count }
}

/** A category's colour. It only decorates: the name always stands beside it. */
export function CategoryMark({ color }: { color: string | null | undefined }) {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-2 shrink-0 rounded-full bg-line-strong"
      style={color ? { backgroundColor: color } : undefined}
    />
  )
}

/** Parses typed tags, with commas between them; capitals and stray spaces are normalized. */
export function readTagNames(text: string): { tags: string[]; wrong: string[] } {
  const names = text
    .split(',')
    .map(foldTag)
    .filter((name) => name !== '')
  return { tags: names.filter(isTag), wrong: names.filter((name) => !isTag(name)) }
}

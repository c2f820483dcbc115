/** What the list needs to know of a category. */
export interface CategoryFacts {
  slug: string
  name: string
  color: string | null
  prompt_count: number
}

/** What it needs to know of a tag. */
export interface TagFacts {
  tag: string
  prompt_count: number
}

/** A category without its description, which only its own page shows. */
export function categoryFacts({ slug, name, color, prompt_count }: CategoryFacts): CategoryFacts {
  return { slug, name, color, prompt_count }
}

/** Where somebody, or a key, may write, in few words: "all categories", "Data, Care". */
export function categoriesText(
  slugs: readonly string[] | null,
  known: readonly { slug: string; name: string }[] = [],
): string {
  if (slugs === null) return 'all categories'
  return slugs.map((slug) => known.find((each) => each.slug === slug)?.name ?? slug).join(', ')
}

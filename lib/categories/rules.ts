/** The bounds of a category, for its schema and for the form, which has no schema library. */

export const NAME_LENGTH = 100
export const DESCRIPTION_LENGTH = 2000

/** `none` is what the list filter calls "without a category", `order` is a path of the API. */
export function isReservedSlug(slug: string): boolean {
  return slug === 'none' || slug === 'order'
}

import { createParser } from 'nuqs/server'
import { SLUG } from '#lib/slug.ts'
import { cutText } from '#lib/text.ts'

/** Parsers of the parameters of pages; an invalid value reads as absent. */

/** Most characters of a search. */
export const MAX_SEARCH_LENGTH = 200

export const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A text, or the valid rest of it; null: it is invalid. */
export function parseAsText(read: (text: string) => string | null) {
  return createParser({ parse: read, serialize: (text: string) => text })
}

const matching = (pattern: RegExp) => parseAsText((text) => (pattern.test(text) ? text : null))

/** The name of a prompt, a label, a category or a configuration. */
export const parseAsSlug = matching(SLUG)
export const parseAsId = matching(ID)
export const parseAsSearch = parseAsText((text) => cutText(text, MAX_SEARCH_LENGTH) || null)

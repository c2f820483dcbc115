import { createParser } from 'nuqs/server'
import { readNumber, writeNumber } from '#lib/numbers/rules.ts'
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

const CLIENT_LENGTH = 80

const matching = (pattern: RegExp) => parseAsText((text) => (pattern.test(text) ? text : null))

/** A number between two bounds. */
export function parseAsNumber(kind: 'whole' | 'decimal', least: number, most: number) {
  return createParser({
    parse: (text) => {
      const number = readNumber(text, kind)
      return number !== undefined && number >= least && number <= most ? number : null
    },
    serialize: writeNumber,
  })
}

/** Most that a column of whole numbers holds. */
export const MOST_WHOLE = 2_147_483_647
export const parseAsVersion = parseAsNumber('whole', 1, MOST_WHOLE)

/** True or false; what is neither is absent. */
export const parseAsTruth = createParser({
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : null),
  serialize: String,
})

/** The name of a prompt, a label, a category or a configuration. */
export const parseAsSlug = matching(SLUG)
/** The name that a client gave; empty: those that gave none. */
export const parseAsClient = parseAsText((text) => (text.length <= CLIENT_LENGTH ? text : null))
/** A category that may be none: empty. */
export const parseAsCategory = parseAsText((text) => (text === '' || SLUG.test(text) ? text : null))
export const parseAsId = matching(ID)
export const parseAsSearch = parseAsText((text) => cutText(text, MAX_SEARCH_LENGTH) || null)

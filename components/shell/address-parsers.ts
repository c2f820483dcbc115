import { createParser } from 'nuqs/server'
import { SLUG } from '#lib/slug.ts'
import { cutText } from '#lib/text.ts'

/** Parsers of the parameters of pages; an invalid value reads as absent. */

/** Most characters of a search. */
export const MAX_SEARCH_LENGTH = 200

export const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DAY = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** A text, or the valid rest of it; null: it is invalid. */
export function parseAsText(read: (text: string) => string | null) {
  return createParser({ parse: read, serialize: (text: string) => text })
}

const matching = (pattern: RegExp) => parseAsText((text) => (pattern.test(text) ? text : null))

/** The name of a prompt, a label, a category or a configuration. */
export const parseAsSlug = matching(SLUG)
export const parseAsId = matching(ID)
/** Whether a text begins with a day that there is: the last day of February moves. */
const isOnDay = (text: string) =>
  Date.parse(text.slice(0, 10)) > 0 && new Date(text.slice(0, 10)).toISOString().startsWith(text.slice(0, 10))
export const parseAsDay = parseAsText((text) => (DAY.test(text) && isOnDay(text) ? text : null))

const MINUTE =
  /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[ +-]\d\d:?\d\d)$/
const HOUR_MS = 3_600_000

/** A whole hour of UTC as an address has it: `2026-11-24T13:00Z` */
export function hourText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}

/** A day, or a time with its offset: as the whole hour that it is in, or that ends with it or after it. */
const parseAsDayOrHour = (round: (hours: number) => number) =>
  parseAsText((text) => {
    if (DAY.test(text)) return isOnDay(text) ? text : null
    // A plus that somebody typed arrives as a blank.
    const time = MINUTE.test(text) && isOnDay(text) ? Date.parse(text.replace(' ', '+')) : Number.NaN
    return Number.isNaN(time) ? null : hourText(round(time / HOUR_MS) * HOUR_MS)
  })
export const parseAsStart = parseAsDayOrHour(Math.floor)
export const parseAsEnd = parseAsDayOrHour(Math.ceil)
export const parseAsSearch = parseAsText((text) => cutText(text, MAX_SEARCH_LENGTH) || null)

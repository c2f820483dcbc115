import { parseAsText } from '#components/shell/address-parsers.ts'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[ +-]\d\d:\d\d)$/

/** A moment with its offset, as answers write it: in UTC, to the millisecond. Anything else reads as absent. */
export const parseAsMoment = parseAsText((text) => {
  // A plus that somebody typed arrives as a blank.
  const time = MOMENT.test(text) ? Date.parse(text.replace(' ', '+')) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
})

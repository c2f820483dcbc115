/** Tells the server which time zone the reader's days are of, so that its first page has the right ones. */
export const TIME_ZONE_COOKIE = 'incipit-time-zone'

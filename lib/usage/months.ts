/** Start of the first month of UTC that begins at this time or after it; times are milliseconds since 1970. */
export function monthFrom(time: number): number {
  const start = monthBefore(time)
  const date = new Date(start)
  return start === time ? time : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** Start of the month of UTC that this time is in. */
export function monthBefore(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

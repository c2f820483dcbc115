/** Start of the month of UTC that this time is in; times are milliseconds since 1970. */
export function monthBefore(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

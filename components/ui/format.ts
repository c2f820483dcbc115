const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const MOMENT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})
const AGO = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })
const SPANS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const
const NUMBER = new Intl.NumberFormat('en-GB')

/** `22 Nov 2026`, in UTC, so that server and browser write the same. */
export function formatDay(iso: string): string {
  return DAY.format(new Date(iso))
}

/** `22 Nov 2026, 07:46 UTC` */
export function formatMoment(iso: string): string {
  return `${MOMENT.format(new Date(iso))} UTC`
}

/** `3 minutes ago`, seen from `now` in milliseconds; a time to come, by a clock that is ahead, is now. */
export function formatAgo(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1_000
  const span = SPANS.find(([, length]) => seconds >= length)
  return span === undefined ? 'just now' : AGO.format(-Math.floor(seconds / span[1]), span[0])
}

/** `12,345` */
export function formatNumber(value: number): string {
  return NUMBER.format(value)
}

/** `1 prompt`, `2 prompts` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`
}

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
const NUMBER = new Intl.NumberFormat('en-GB')

/** `22 Nov 2026`, in UTC, so that server and browser write the same. */
export function formatDay(iso: string): string {
  return DAY.format(new Date(iso))
}

/** `22 Nov 2026, 07:46 UTC` */
export function formatMoment(iso: string): string {
  return `${MOMENT.format(new Date(iso))} UTC`
}

/** `12,345` */
export function formatNumber(value: number): string {
  return NUMBER.format(value)
}

/** `1 prompt`, `2 prompts` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`
}

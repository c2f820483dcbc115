const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g

/**
 * Milliseconds of a time string such as "5s" or "1h30m" (SDK_SPEC 5.3.2).
 * @returns undefined when it is none
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/.test(text)) return undefined
  let sum = 0
  for (const [, amount, unit] of text.matchAll(PART)) sum += Number(amount) * (UNITS[unit ?? ''] ?? 0)
  return sum
}

/**
 * The moment that a Sleep or a Retry-After means: a duration from now, a number of seconds, or a date.
 * @returns undefined when it is none of them
 */
export function parseMoment(text: string, now: number): Date | undefined {
  const duration = /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text)
  if (duration !== undefined) return new Date(now + duration)
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

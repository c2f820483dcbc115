/** The part of a response's headers that is read here. */
export interface ResponseHeaders {
  get(name: string): string | null
}

/**
 * Seconds that a provider asks to be left alone for: Retry-After as seconds or date, `retry-after-ms`, or
 * the moment at which a limit that is used up is filled again (OpenAI's and Anthropic's own headers).
 * Undefined when it says nothing.
 * @param now milliseconds since the epoch
 */
export function retryAfterOf(headers: ResponseHeaders, now = Date.now()): number | undefined {
  const seconds = asked(headers, now) ?? untilFilled(headers, now)
  return seconds === undefined || !Number.isFinite(seconds)
    ? undefined
    : Math.min(LONGEST, Math.max(0, seconds))
}

/** Nobody means more than a year. */
const LONGEST = 365 * 86_400

function asked(headers: ResponseHeaders, now: number): number | undefined {
  const milliseconds = number(headers.get('retry-after-ms'))
  if (milliseconds !== undefined) return milliseconds / 1000
  const header = headers.get('retry-after')
  return number(header) ?? until(header, now)
}

/** The longest wait for a limit of which nothing remains. */
function untilFilled(headers: ResponseHeaders, now: number): number | undefined {
  const waits: number[] = []
  for (const limit of ['requests', 'tokens', 'input-tokens', 'output-tokens']) {
    if (headers.get(`x-ratelimit-remaining-${limit}`) === '0')
      waits.push(span(headers.get(`x-ratelimit-reset-${limit}`)) ?? 0)
    if (headers.get(`anthropic-ratelimit-${limit}-remaining`) === '0')
      waits.push(until(headers.get(`anthropic-ratelimit-${limit}-reset`), now) ?? 0)
  }
  const longest = Math.max(0, ...waits)
  return longest === 0 ? undefined : longest
}

function number(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined
}

/** Date.parse takes nearly anything for a date, "-5" among them. */
const DATE = /^\s*(?:[A-Z][a-z]{2,8},? .{6,30} GMT|\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d))\s*$/

function until(date: string | null, now: number): number | undefined {
  const moment = date === null || !DATE.test(date) ? Number.NaN : Date.parse(date)
  return Number.isNaN(moment) ? undefined : (moment - now) / 1000
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

/** "6m0s", "20ms", "1.5s". */
function span(text: string | null): number | undefined {
  const parts = [...(text ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (parts.length === 0) return number(text)
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0)
}

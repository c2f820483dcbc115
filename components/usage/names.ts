import { type Comparison, comparedDays, comparedTime, type Span } from '#components/spans/span.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { formatCount } from './format-usage.ts'
import type { Rank, Split } from './usage-state.ts'

export const SURFACE_NAMES: Record<string, string> = { mcp: 'MCP', rest: 'REST', browser: 'Browser' }
export const NO_CLIENT_NAME = 'No name given'

export const SPLIT_NAMES: Record<Split, string> = {
  surface: 'by surface',
  operation: 'by operation',
  prompt: 'by prompt',
  version: 'by version',
  client: 'by client',
}
export const RANK_NAMES: Record<Rank, string> = {
  prompt: 'Prompts',
  version: 'Versions',
  surface: 'Surfaces',
  client: 'Clients',
}

/** The name of a key of a split time line. */
export function nameOfKey(key: string, split: Split, isOfPrompt: boolean): string {
  if (key === 'other') return 'Other'
  if (split === 'surface') return SURFACE_NAMES[key] ?? key
  if (split === 'client') return key === '' ? NO_CLIENT_NAME : key
  if (key === '') return split === 'prompt' ? 'No prompt' : 'No version'
  if (split !== 'version') return key
  const [name, number] = key.split('@')
  return isOfPrompt ? `v${number}` : `${name} v${number}`
}

const HOUR_MS = 3_600_000

/** `the 30 days before` */
export function nameOfSpanBefore({ from, to }: Pick<Span, 'from' | 'to'>): string {
  const hours = Math.ceil((Date.parse(to) - Date.parse(from)) / HOUR_MS)
  if (hours <= 1) return 'the hour before'
  if (hours <= 48) return `the ${formatCount(hours)} hours before`
  return `the ${formatCount(Math.ceil(hours / 24))} days before`
}

const WEEK_DAYS = 7

/** `the same weekdays 5 weeks before, Sun, 27 Sep 2026 to Mon, 26 Oct 2026` */
export function nameOfCompared(span: Span, comparison: Comparison, zone: string): string {
  const back = comparedTime(span, comparison, zone)
  const iso = (time: number) => new Date(back(time)).toISOString()
  const { bucket } = timeWords(zone)
  const named = (time: number) => bucket(iso(time), span.interval === 'hour' ? 'hour' : 'day')
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
  // The last day, but the hour after the last.
  const dates = `${named(from)} to ${named(span.interval === 'hour' ? to : to - 1)}`
  return `${kindOfCompared(span, comparison, zone)}, ${dates}`
}

function kindOfCompared(span: Span, comparison: Comparison, zone: string): string {
  if (comparison === 'before') return nameOfSpanBefore(span)
  if (comparison === 'year') return 'the same weekdays a year before'
  const weeks = comparedDays(span, comparison, zone) / WEEK_DAYS
  return weeks === 1 ? 'the same weekdays a week before' : `the same weekdays ${weeks} weeks before`
}

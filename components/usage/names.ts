import { formatCount } from './format-usage.ts'
import type { Range, Span } from './span.ts'
import type { Rank, Split } from './usage-state.ts'

export const SURFACE_NAMES: Record<string, string> = { mcp: 'MCP', rest: 'REST', browser: 'Browser' }
export const NO_CLIENT_NAME = 'No name given'

export const RANGE_NAMES: Record<Range, string> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
}
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

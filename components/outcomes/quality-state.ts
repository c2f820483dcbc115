import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsClient, parseAsText } from '#components/shell/address-parsers.ts'
import type { QualityQuery } from '#lib/outcomes/schema.ts'
import { isLabelSelector } from '#lib/prompts/rules.ts'

/** The state of a page of quality in the URL; an invalid value reads as absent. */

export const RANGES = ['7d', '30d', '90d', '365d'] as const
export type Range = (typeof RANGES)[number]
export const DEFAULT_RANGE: Range = '90d'
const DAYS: Readonly<Record<Range, number>> = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 }

const DAY_MS = 86_400_000

export const qualityParsers = {
  range: parseAsStringLiteral(RANGES),
  label: parseAsText((text) => (isLabelSelector(text) ? text : null)),
  // Empty: those without a name.
  client: parseAsClient,
}
export type QualityState = inferParserType<typeof qualityParsers>

export const readQualityState = createLoader(qualityParsers)
const serialize = createSerializer(qualityParsers)

export function qualityHref(name: string, state: Partial<QualityState> = {}): string {
  return serialize(`/prompts/${name}/quality`, state)
}

/** The question that a state means: whole days of UTC, today's among them. */
export function toQualityQuery(
  { range, label, client }: QualityState,
  now: Date,
): QualityQuery & { from: string } {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const first = today - (DAYS[range ?? DEFAULT_RANGE] - 1) * DAY_MS
  return {
    from: new Date(first).toISOString(),
    ...(label !== null && { label }),
    ...(client !== null && { client }),
  }
}

import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsId, parseAsText } from '#components/shell/address-parsers.ts'
import { listSpanOf } from '#components/spans/span.ts'
import { listSpanParsers } from '#components/spans/span-parsers.ts'
import { cutText } from '#lib/text.ts'
import { ACTION_GROUPS } from './action-words.ts'

/** The filters of the audit log as they stand in the URL; an invalid value reads as absent. */

const LONGEST = 100
const parseAsName = parseAsText((text) => cutText(text.trim(), LONGEST) || null)

export const filterParsers = {
  actor: parseAsId,
  on_behalf_of: parseAsId,
  action: parseAsStringLiteral(ACTION_GROUPS),
  target: parseAsName,
  key: parseAsId,
  client: parseAsText((text) => cutText(text, 2_048) || null),
  address: parseAsName,
  ...listSpanParsers,
}
export type AuditFilters = inferParserType<typeof filterParsers>
export type ChangeFilters = (change: Partial<AuditFilters>) => void

export const readFilters = createLoader(filterParsers)
const serialize = createSerializer(filterParsers)

export const NO_FILTERS: AuditFilters = {
  actor: null,
  on_behalf_of: null,
  action: null,
  target: null,
  key: null,
  client: null,
  address: null,
  range: null,
  from: null,
  to: null,
  tz: null,
}

/** A time zone by itself leaves out nothing. */
const NARROWING = (Object.keys(NO_FILTERS) as (keyof AuditFilters)[]).filter((key) => key !== 'tz')

export function auditHref(filters: Partial<AuditFilters>): string {
  return serialize('/settings/audit', filters)
}

export function isNarrowed(filters: AuditFilters): boolean {
  return NARROWING.some((key) => filters[key] !== null)
}

/**
 * The filters as the query of the log takes them.
 * @param zone of the reader, whose days the range is made of where the filters name none
 */
export function toQuery(filters: AuditFilters, zone = 'UTC') {
  const { action, range, from, to, tz, ...plain } = filters
  const set = Object.entries(plain).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
  return {
    ...(Object.fromEntries(set) as Partial<Record<keyof typeof plain, string>>),
    ...(action !== null && { action: `${action}.` }),
    ...listSpanOf({ range, from, to }, tz ?? zone),
  }
}

export type AuditListQuery = ReturnType<typeof toQuery>

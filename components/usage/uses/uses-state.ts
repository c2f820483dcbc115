import { createLoader, createSerializer, type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSlug, parseAsText, parseAsTruth, parseAsVersion } from '#components/shell/address-parsers.ts'
import { listSpanOf } from '#components/spans/span.ts'
import { listSpanParsers } from '#components/spans/span-parsers.ts'
import { isLabelSelector } from '#lib/prompts/rules.ts'
import { REASON_CODES } from '#lib/usage/rules.ts'
import { listedSpan, SURFACES, type UsageState } from '../usage-state.ts'

const NAME_LENGTH = 80
const ASKED_LENGTH = 129
const text = parseAsText((given) => (given.length <= NAME_LENGTH ? given : null))

/** The state of the list of single uses in the URL; an invalid value reads as absent. */
export const usesParsers = {
  ...listSpanParsers,
  prompt: parseAsSlug,
  version: parseAsVersion,
  label: parseAsText((given) => (isLabelSelector(given) ? given : null)),
  surface: parseAsStringLiteral(SURFACES),
  // Empty: the clients that gave no name.
  client: text,
  failed: parseAsTruth,
  code: parseAsStringLiteral(REASON_CODES),
  variable: text,
  // What was asked for and not found.
  asked: parseAsText((given) => (given !== '' && given.length <= ASKED_LENGTH ? given : null)),
}
export type UsesState = inferParserType<typeof usesParsers>

export const readUsesState = createLoader(usesParsers)
const serialize = createSerializer(usesParsers)

/** The single uses behind a figure: of the span that the page of usage shows, narrowed. */
export function usesHref(usage: UsageState, narrowed: Partial<UsesState>): string {
  return serialize('/usage/uses', { ...listedSpan(usage), ...narrowed })
}

/**
 * The filters as the operation takes them. A version counts with its prompt alone.
 * @param zone of the reader, whose days are meant where the state names none
 */
export function toUsesQuery(state: UsesState, zone: string) {
  const { range, from, to, tz } = state
  return { ...listSpanOf({ range, from, to }, tz ?? zone), ...narrowingOf(state) }
}

export type UsesQuery = ReturnType<typeof toUsesQuery>

function narrowingOf({ prompt, version, label, surface, client, failed, code, variable, asked }: UsesState) {
  return {
    ...(prompt === null ? {} : { prompt }),
    ...(prompt === null || version === null ? {} : { version }),
    ...(label === null ? {} : { label }),
    ...(surface === null ? {} : { surface }),
    ...(client === null ? {} : { client }),
    ...(failed === null ? {} : { failed: failed ? ('true' as const) : ('false' as const) }),
    ...(code === null ? {} : { code }),
    ...(variable === null || variable === '' ? {} : { variable }),
    ...(asked === null ? {} : { asked }),
  }
}

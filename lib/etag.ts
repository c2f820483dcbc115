import { appError } from './errors.ts'
import { shortId } from './id.ts'

/** A row with a revision that every change raises. */
interface Revised {
  id: string
  revision: number
}

/** The ETag of a row: strong, with its quotes; every change to it makes another one. */
export function etagOf({ id, revision }: Revised): string {
  return `"${shortId(id)}-${revision}"`
}

/**
 * Compares If-Match with the row as it is, RFC 9110 section 13.1.1: a list of tags of which one must
 * match, or `*`, which any existing row matches. A weak tag counts as its strong form, since some
 * proxies weaken tags on their way.
 * @param thing what it is, for the message: `prompt`
 * @throws precondition_required without a value, precondition_failed with `current_etag` when stale
 */
export function assertMatches(ifMatch: string | undefined, row: Revised, thing = 'prompt'): void {
  if (ifMatch === undefined || ifMatch.trim() === '')
    throw appError(
      'precondition_required',
      'Send If-Match with the ETag you have read, so that nobody else’s change is overwritten.',
    )
  const current = etagOf(row)
  const given = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (given.includes('*') || given.includes(current)) return
  throw stale(current, thing)
}

/** The error for an author with an outdated ETag. */
function stale(currentEtag: string, thing: string) {
  return appError('precondition_failed', `The ${thing} was changed since you read it. Read it again.`, {
    extra: { current_etag: currentEtag },
  })
}

/** A row after a change of some of its fields: what is left out stays. */
export function patched<Row extends object, Field extends keyof Row>(
  before: Row,
  change: { readonly [F in Field]?: Row[F] | undefined },
  fields: readonly Field[],
): Row {
  const given = fields.filter((field) => change[field] !== undefined)
  return { ...before, ...Object.fromEntries(given.map((field) => [field, change[field]])) }
}

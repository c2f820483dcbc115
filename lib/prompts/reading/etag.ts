import { appError } from '../../errors.ts'
import { shortId } from '../../id.ts'

/** The ETag of a prompt: strong, with its quotes; every change to the prompt makes another one. */
export function etagOf(prompt: { id: string; revision: number }): string {
  return `"${shortId(prompt.id)}-${prompt.revision}"`
}

/**
 * Compares If-Match with the prompt as it is, RFC 9110 section 13.1.1: a list of tags of which one must
 * match, or `*`, which any existing prompt matches. A weak tag counts as its strong form, since some
 * proxies weaken tags on their way.
 * @throws precondition_required without a value, precondition_failed with `current_etag` when stale
 */
export function assertMatches(ifMatch: string | undefined, prompt: { id: string; revision: number }): void {
  if (ifMatch === undefined || ifMatch.trim() === '')
    throw appError(
      'precondition_required',
      'Send If-Match with the ETag you have read, so that nobody else’s change is overwritten.',
    )
  const current = etagOf(prompt)
  const given = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (given.includes('*') || given.includes(current)) return
  throw stale(current)
}

/** The error for an author who has not seen the newest state. */
export function stale(currentEtag: string, extra: Record<string, unknown> = {}) {
  return appError('precondition_failed', 'The prompt was changed since you read it. Read it again.', {
    extra: { current_etag: currentEtag, ...extra },
  })
}

import type { Contract } from '../contract.ts'
import type { HttpRequest } from '../door/message.ts'
import { appError } from '../errors.ts'
import { headerFault } from './context.ts'

const ENTITY_TAG = /^(?:W\/)?("[\x21\x23-\x7e]{1,200}")$/

/**
 * The entity tag that a change must still find. Proxies that compress turn a strong tag into a weak one,
 * so a `W/` in front is tolerated.
 * @throws precondition_required without the header, invalid_input when it is no single entity tag
 */
export function ifMatch(request: HttpRequest): string {
  const header = request.header('if-match')
  if (header === undefined)
    throw appError(
      'precondition_required',
      'This change needs the header If-Match with the ETag that was read, so that it overwrites nobody.',
      { details: [{ path: ['If-Match'], code: 'required', message: 'is missing' }] },
    )
  const tag = ENTITY_TAG.exec(header.trim())?.[1]
  if (tag === undefined)
    throw headerFault('If-Match', 'must be one ETag with its quotes', 'Send the ETag as it was answered.')
  return tag
}

/** Whether the caller already has the representation with this entity tag (weak comparison). */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === etag)
}

/**
 * The position at which a broken stream resumes, as a browser sends it when it reconnects. The contract's `after`
 * checks the form of the id.
 * @throws invalid_input when it is not the id of an event
 */
export function lastEventId(request: HttpRequest, { query }: Contract): Record<string, unknown> {
  const after = request.header('last-event-id')
  if (after === undefined || after === '' || query === undefined) return {}
  const parsed = query.safeParse({ after })
  if (!parsed.success) throw headerFault('Last-Event-ID', 'must be the id of an event')
  return parsed.data
}

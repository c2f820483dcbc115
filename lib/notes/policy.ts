import type { Actor } from '../access/actor.ts'
import { assertMay, assertUnpinned, may } from '../access/rights.ts'
import { appError } from '../errors.ts'

/**
 * Notes stand beside figures: whoever reads those reads them.
 * @throws forbidden
 */
export function assertMayReadNotes(actor: Actor): void {
  assertMay(actor, 'usage:read')
}

/**
 * Everybody reads a note, so whoever writes prompts may write one.
 * @throws forbidden
 */
export function assertMayWriteNotes(actor: Actor): void {
  assertMay(actor, 'usage:read')
  assertMay(actor, 'prompts:write')
  assertUnpinned(actor)
}

/**
 * A note is taken away by whoever wrote it, and by who changes settings.
 * @throws forbidden
 */
export function assertMayDeleteNote(actor: Actor, { created_by }: { created_by: string }): void {
  if (created_by === actor.id || may(actor, 'settings:write')) return
  throw appError('forbidden', 'This note is somebody else’s. Its author and admins can delete it.')
}

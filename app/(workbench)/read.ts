import type { Actor } from '#lib/access/actor.ts'
import { localActor } from '#lib/access/local-actor.ts'
import { isAppError } from '#lib/errors.ts'
import { newId } from '#lib/id.ts'

/**
 * Reads what a page shows, as the person who looks at it. A failure keeps its code as `digest`, the one
 * member that reaches the error page in the browser.
 */
export async function readForPage<T>(read: (actor: Actor) => Promise<T>): Promise<T> {
  try {
    return await read(localActor({ id: newId(), surface: 'browser', outcome: {} }))
  } catch (error) {
    if (isAppError(error)) Object.assign(error, { digest: error.code })
    throw error
  }
}

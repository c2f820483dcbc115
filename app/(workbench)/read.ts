import { cookies } from 'next/headers'
import { isTimeZone, TIME_ZONE_COOKIE } from '#components/usage/span.ts'
import type { Actor } from '#lib/access/actor.ts'
import { notePageFailure } from '#lib/door/edge/page.ts'
import { isAppError } from '#lib/errors.ts'
import { getRuntime } from '#lib/runtime.ts'
import { leadToSignIn, pageActor, pageRequestId } from '../visitor.ts'

/**
 * Reads the data of a page, as the person who looks at it; without a session it leads to where one begins. A failure keeps its code and the request's id as
 * `digest`, the one member that reaches the error page in the browser; an unexpected error is logged
 * under that id.
 */
export async function readForPage<T>(read: (actor: Actor) => Promise<T>): Promise<T> {
  try {
    return await read(await pageActor())
  } catch (error) {
    // Next's own signals, not-found and redirect, carry theirs already.
    if (!(error instanceof Error) || 'digest' in error) throw error
    await leadToSignIn(error)
    if (isAppError(error)) notePageFailure(error)
    const code = isAppError(error) ? error.code : 'internal'
    const id = await pageRequestId()
    if (code === 'internal')
      getRuntime().log.error({ request_id: id, err: error }, 'a page could not be read')
    Object.assign(error, { digest: `${code}:${id}` })
    throw error
  }
}

/** The reader's time zone, as the browser told it last time; UTC before that. */
export async function readTimeZone(): Promise<string> {
  const known = (await cookies()).get(TIME_ZONE_COOKIE)?.value
  return known !== undefined && isTimeZone(known) ? known : 'UTC'
}

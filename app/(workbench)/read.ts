import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { isTimeZone, TIME_ZONE_COOKIE } from '#components/usage/span.ts'
import { type Actor, actorOf, type Identity } from '#lib/access/actor.ts'
import { identify, PAGES_TAKE } from '#lib/access/identify.ts'
import { signInAddress } from '#lib/access/open-paths.ts'
import { notePageFailure } from '#lib/door/edge/page.ts'
import { ADDRESS_HEADER, notedPeer, requestId } from '#lib/door/message.ts'
import { isAppError } from '#lib/errors.ts'
import { getRuntime } from '#lib/runtime.ts'

/**
 * Reads the data of a page, as the person who looks at it. A failure keeps its code and the request's id as
 * `digest`, the one member that reaches the error page in the browser; an unexpected error is logged
 * under that id.
 */
export async function readForPage<T>(read: (actor: Actor) => Promise<T>): Promise<T> {
  const sent = await headers()
  const header = (name: string) => sent.get(name) ?? undefined
  const id = requestId(header('x-request-id'))
  try {
    const address = notedPeer(sent)?.address
    return await read(actorOf(await readerOf(header), { id, surface: 'browser', address, outcome: {} }))
  } catch (error) {
    // Next's own signals, not-found and redirect, carry theirs already.
    if (!(error instanceof Error) || 'digest' in error) throw error
    if (isAppError(error)) notePageFailure(error)
    const code = isAppError(error) ? error.code : 'internal'
    if (code === 'internal')
      getRuntime().log.error({ request_id: id, err: error }, 'a page could not be read')
    Object.assign(error, { digest: `${code}:${id}` })
    throw error
  }
}

/** The person who looks at a page; nobody is led to where they sign in. */
async function readerOf(header: (name: string) => string | undefined): Promise<Identity> {
  try {
    return await identify({ header }, PAGES_TAKE)
  } catch (error) {
    if (!isAppError(error) || error.code !== 'unauthenticated') throw error
    redirect(signInAddress(header(ADDRESS_HEADER) ?? '/'))
  }
}

/** The reader's time zone, as the browser told it last time; UTC before that. */
export async function readTimeZone(): Promise<string> {
  const known = (await cookies()).get(TIME_ZONE_COOKIE)?.value
  return known !== undefined && isTimeZone(known) ? known : 'UTC'
}

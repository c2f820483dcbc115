import { cookies, headers } from 'next/headers'
import { forbidden, redirect } from 'next/navigation'
import { cache } from 'react'
import type { Person } from '#components/access/person.tsx'
import { signInPath } from '#components/sign-in/own-path.ts'
import { isTimeZone, TIME_ZONE_COOKIE } from '#components/usage/span.ts'
import { type Actor, actorOf, SCOPES, type Scope } from '#lib/access/actor.ts'
import { identify, PAGES_TAKE } from '#lib/access/identify.ts'
import { may } from '#lib/access/rights.ts'
import { type AccessState, accessState } from '#lib/access/state.ts'
import { notePageFailure } from '#lib/door/edge/page.ts'
import { requestId } from '#lib/door/message.ts'
import { isAppError } from '#lib/errors.ts'
import { getRuntime } from '#lib/runtime.ts'

/** The id of the request for the page: one, however often it is asked for. */
const pageRequestId = cache(async () => requestId((await headers()).get('x-request-id') ?? undefined))

/** The actor that asks for the page. @throws what `identify` throws */
const pageActor = cache(async (): Promise<Actor> => {
  const sent = await headers()
  const identity = await identify({ header: (name) => sent.get(name) ?? undefined }, PAGES_TAKE)
  return actorOf(identity, { id: await pageRequestId(), surface: 'browser', outcome: {} })
})

/**
 * Reads the data of a page, as the person who looks at it. A failure keeps its code and the request's id as
 * `digest`, the one member that reaches the error page in the browser; an unexpected error is logged
 * under that id. What the person may not see is told in the page's place, with status 403; without a session
 * the way leads to where one begins.
 */
export async function readForPage<T>(read: (actor: Actor) => Promise<T>): Promise<T> {
  try {
    return await read(await pageActor())
  } catch (error) {
    // Next's own signals, not-found and redirect, carry theirs already.
    if (!(error instanceof Error) || 'digest' in error) throw error
    if (isAppError(error) && error.code === 'unauthenticated') redirect(await signInAddress())
    if (isAppError(error)) notePageFailure(error)
    if (isAppError(error) && error.code === 'forbidden') forbidden()
    const code = isAppError(error) ? error.code : 'internal'
    const id = await pageRequestId()
    if (code === 'internal')
      getRuntime().log.error({ request_id: id, err: error }, 'a page could not be read')
    Object.assign(error, { digest: `${code}:${id}` })
    throw error
  }
}

/** What a page shows to those who have a right, and nothing in its place to others. */
export async function readWith<T>(
  actor: Actor,
  scope: Scope,
  read: (actor: Actor) => Promise<T>,
): Promise<T | undefined> {
  return may(actor, scope) ? read(actor) : undefined
}

/** Whoever asks for the page that is being made. */
export interface Visitor {
  /** Undefined: the database has not been reached yet. */
  state: AccessState | undefined
  /** Undefined: nobody is signed in, or the page itself tells what is wrong. */
  person: Person | undefined
}

/** Who asks for the page, for its frame. */
export const readVisitor = cache(async (): Promise<Visitor> => {
  const state = await accessState().catch(() => undefined)
  return { state, person: await pageActor().then(personOf, () => undefined) }
})

/** Where a visitor without a session gets one. */
export async function signInAddress(): Promise<string> {
  if ((await accessState()) === 'set_up') return '/set-up'
  return signInPath((await headers()).get('x-page-address') ?? '/')
}

function personOf(actor: Actor): Person {
  const { id, workspaceId, role, categories, credential } = actor
  return {
    id,
    workspaceId,
    name: 'Local owner',
    email: null,
    role,
    scopes: SCOPES.filter((scope) => may(actor, scope)),
    categories: categories && [...categories],
    isLocal: credential.kind === 'none',
    must: [],
  }
}

/** The reader's time zone, as the browser told it last time; UTC before that. */
export async function readTimeZone(): Promise<string> {
  const known = (await cookies()).get(TIME_ZONE_COOKIE)?.value
  return known !== undefined && isTimeZone(known) ? known : 'UTC'
}

/** The address of this server: the configured one, else the one that the request names. */
export async function readAddress(): Promise<string> {
  const { server } = getRuntime().config
  if (server.url !== undefined) return server.url.replace(/\/$/, '')
  const sent = await headers()
  const scheme = sent.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https' ? 'https' : 'http'
  return `${scheme}://${sent.get('host') ?? `localhost:${server.port}`}`
}

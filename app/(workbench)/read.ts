import { cookies, headers } from 'next/headers'
import { forbidden, redirect } from 'next/navigation'
import { cache } from 'react'
import type { Person } from '#components/access/person.tsx'
import { isTimeZone, TIME_ZONE_COOKIE } from '#components/spans/span.ts'
import { type Actor, actorOf } from '#lib/access/actor.ts'
import { identify, PAGES_TAKE } from '#lib/access/identify.ts'
import { signInAddress } from '#lib/access/open-paths.ts'
import { may } from '#lib/access/rights.ts'
import { SCOPES, type Scope } from '#lib/access/rules.ts'
import { type AccessState, accessState } from '#lib/access/state.ts'
import { notePageFailure } from '#lib/door/edge/page.ts'
import { ADDRESS_HEADER, notedPeer, requestId } from '#lib/door/message.ts'
import { isAppError } from '#lib/errors.ts'
import { getMe } from '#lib/people/operations/get-me.ts'
import type { Me } from '#lib/people/schema.ts'
import { getRuntime } from '#lib/runtime.ts'

/** The id of the request for the page: one, however often it is asked for. */
const pageRequestId = cache(async () => requestId((await headers()).get('x-request-id') ?? undefined))

/** The actor that asks for the page. @throws what `identify` throws */
const pageActor = cache(async (): Promise<Actor> => {
  const sent = await headers()
  const identity = await identify({ header: (name) => sent.get(name) ?? undefined }, PAGES_TAKE)
  const address = notedPeer(sent)?.address
  return actorOf(identity, { id: await pageRequestId(), surface: 'browser', address, outcome: {} })
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
    if (isAppError(error) && error.code === 'unauthenticated') redirect(await signInHere())
    if (isAppError(error)) notePageFailure(error)
    if (isAppError(error) && error.code === 'forbidden') return await explainForbidden()
    const code = isAppError(error) ? error.code : 'internal'
    const id = await pageRequestId()
    if (code === 'internal')
      getRuntime().log.error({ request_id: id, err: error }, 'a page could not be read')
    Object.assign(error, { digest: `${code}:${id}` })
    throw error
  }
}

/** What is in the place of a page that the person may not see: the page where they get what they lack, or words. */
async function explainForbidden(): Promise<never> {
  const { must } = await pageActor()
  const here = (await headers()).get(ADDRESS_HEADER) ?? ''
  if (must !== undefined && !here.startsWith(ACCOUNT)) redirect(ACCOUNT)
  return forbidden()
}

const ACCOUNT = '/account'

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
  // Next learns by this that the page is made for each request; below, what it throws for that would be caught.
  await headers()
  const state = await accessState().catch(() => undefined)
  const actor = await pageActor().catch(() => undefined)
  if (actor === undefined) return { state, person: undefined }
  // Names are no reason to fail: who is known stays known while the database is away.
  const me = state === 'accounts' ? await getMe(actor).catch(() => undefined) : undefined
  return { state, person: personOf(actor, me) }
})

/** Whether a visitor has to sign in first. A state that is not known is that of a server which cannot serve now. */
export function isNobody({ state, person }: Visitor): boolean {
  return person === undefined && (state === 'accounts' || state === 'set_up')
}

/** Where a visitor without a session gets one. */
export async function signInHere(): Promise<string> {
  return signInAddress((await headers()).get(ADDRESS_HEADER) ?? '/')
}

function personOf(actor: Actor, me: Me | undefined): Person {
  const { id, workspaceId, role, categories, credential, must } = actor
  return {
    id,
    workspaceId,
    name: me?.actor.display ?? '',
    email: me?.person?.email ?? null,
    role,
    scopes: SCOPES.filter((scope) => may(actor, scope)),
    categories: me === undefined ? categories && [...categories] : me.categories,
    isLocal: credential.kind === 'none',
    must: must === undefined ? [] : [must],
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

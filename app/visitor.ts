import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { Person } from '#components/access/person.tsx'
import { signInPath } from '#components/sign-in/own-path.ts'
import { type Actor, actorOf } from '#lib/access/actor.ts'
import { identify, PAGES_TAKE } from '#lib/access/identify.ts'
import { type AccessState, accessState } from '#lib/access/state.ts'
import { requestId } from '#lib/door/message.ts'
import { isAppError } from '#lib/errors.ts'

/** Whoever asks for the page that is being made. */
export interface Visitor {
  /** Undefined: the database has not been reached yet. */
  state: AccessState | undefined
  person: Person | undefined
}

/** The id of the request for the page: one, however often it is asked for. */
export const pageRequestId = cache(async () => requestId((await headers()).get('x-request-id') ?? undefined))

/** The actor that asks for the page. @throws what `identify` throws */
export const pageActor = cache(async (): Promise<Actor> => {
  const sent = await headers()
  const identity = await identify({ header: (name) => sent.get(name) ?? undefined }, PAGES_TAKE)
  return actorOf(identity, { id: await pageRequestId(), surface: 'browser', outcome: {} })
})

/** Who asks for the page, for its frame. What cannot be known now is left out: the page itself tells why. */
export const readVisitor = cache(async (): Promise<Visitor> => {
  const state = await accessState().catch(() => undefined)
  const person = await pageActor().then(
    (actor) => personOf(actor, state),
    () => undefined,
  )
  return { state, person }
})

function personOf({ id, workspaceId, role, scopes }: Actor, state: AccessState | undefined): Person {
  return {
    id,
    workspaceId,
    name: 'Local owner',
    email: null,
    role,
    scopes: [...scopes],
    categories: null,
    isLocal: state !== 'accounts',
    must: [],
  }
}

/** Where a visitor without a session gets one. */
export async function signInAddress(): Promise<string> {
  if ((await accessState()) === 'set_up') return '/set-up'
  return signInPath((await headers()).get('x-page-address') ?? '/')
}

/**
 * Leads a visitor without a session to where they get one.
 * @param error the fault that a page met; any other fault stays with the page
 */
export async function leadToSignIn(error: unknown): Promise<void> {
  if (isAppError(error) && error.code === 'unauthenticated') redirect(await signInAddress())
}

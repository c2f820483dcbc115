import { type Actor, ALL_SCOPES } from '../../access/actor.ts'
import { type Role } from '../../access/rules.ts'
import { change } from '../../db/change.ts'
import { newId } from '../../id.ts'
import type { AuthRequest } from '../../people/auth/member.ts'
import { createMember, createPerson } from '../../people/auth/people.ts'
import { uniqueName } from '../rows.ts'
import { testRequest } from '../runtime.ts'

/** A member who is signed in. */
export interface SignedIn {
  /** As it asks, with a proof of this minute. */
  actor: Actor
  personId: string
  email: string
  sessionId: string
}

export interface SignedInOptions {
  name?: string
  email?: string
  /** Somebody who is a member elsewhere already. */
  personId?: string
}

/** Makes a member of the actor's workspace, with a session. */
export async function signInAs(by: Actor, role: Role, options: SignedInOptions = {}): Promise<SignedIn> {
  const name = options.name ?? uniqueName('Person')
  const email = options.email ?? `${uniqueName('person')}@example.org`
  const sessionId = newId()
  const { workspaceId } = by
  const { personId, id } = await change(by, async ({ tx }) => {
    const personId =
      options.personId ?? (await createPerson(tx, { email, name, passwordHash: 'of no password' }))
    const id = await createMember(tx, { workspaceId, personId, name, role })
    await tx.personSession.create({
      data: {
        id: sessionId,
        person_id: personId,
        token: sessionId,
        expires_at: new Date(Date.now() + 3_600_000),
      },
    })
    return { personId, id }
  })
  const credential = { kind: 'session', id: sessionId, personId, freshUntil: Date.now() + 600_000 } as const
  const rights = { role, scopes: ALL_SCOPES, label: null, categories: null }
  const actor: Actor = { id, kind: 'person', workspaceId, ...rights, credential, request: testRequest() }
  return { actor, personId, email, sessionId }
}

/** A request of somebody who is not signed in. */
export function visit(address = '203.0.113.7'): AuthRequest {
  return { context: testRequest({ address }), userAgent: 'test', cookies: undefined }
}

/** The secret of a link. */
export function secretOf(link: string): string {
  return link.split('#')[1] ?? ''
}

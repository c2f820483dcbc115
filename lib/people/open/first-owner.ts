import { type Actor, actorOf, type RequestContext } from '../../access/actor.ts'
import { loadLocalIdentity, localOwner } from '../../access/identify.ts'
import { refreshAccessState, STATE_KIND } from '../../access/state.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { createPerson } from '../auth/people.ts'
import { entryOf } from '../members/stored-member.ts'
import { removeSetUpLink } from './set-up-link.ts'

export interface FirstOwner {
  name: string
  email: string
  passwordHash: string
}

/** What lets somebody become the first owner: this machine, the operator's configuration, or the hash of the link. */
export type SetUpProof = 'local' | 'configuration' | { linkHash: Buffer }

/**
 * Makes the first owner, who takes the place of the local owner: the history of that actor is theirs from now on. Of
 * many at once one wins, on whichever instance.
 * @returns the person's id
 * @throws conflict when there is an owner already
 */
export async function createFirstOwner(
  request: RequestContext,
  owner: FirstOwner,
  proof: SetUpProof,
): Promise<string> {
  const actor = actorOf(localOwner(await loadLocalIdentity()), request)
  const personId = await change(actor, async ({ tx, record }) => {
    if (!(await claim(tx, proof))) throw ownerExists()
    const { name, email, passwordHash } = owner
    const person = await createPerson(tx, { email, name, passwordHash })
    await takeOver(tx, actor, { personId: person, name })
    const by = typeof proof === 'string' ? proof : 'link'
    record({
      action: 'access.set_up',
      target: { kind: STATE_KIND, id: actor.workspaceId, name: 'accounts' },
      after: { by },
    })
    const after = { role: 'owner', categories: null, deactivated: false }
    record(entryOf('member.create', { id: actor.id, name }, { after }))
    return person
  })
  await refreshAccessState()
  removeSetUpLink()
  return personId
}

/** Makes a person the owner behind the actor that is there already. */
async function takeOver(tx: Tx, { id, workspaceId }: Actor, who: { personId: string; name: string }) {
  await tx.$executeRaw`UPDATE actor SET display = ${who.name}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
  await tx.$executeRaw`INSERT INTO member (workspace_id, actor_id, person_id, role, created_by)
    VALUES (${workspaceId}::uuid, ${id}::uuid, ${who.personId}::uuid, 'owner', ${id}::uuid)`
}

/** The one row is claimed once: others wait for its lock, and find it taken. */
async function claim(tx: Tx, proof: SetUpProof): Promise<boolean> {
  const hash = typeof proof === 'string' ? null : proof.linkHash
  const claimed = await tx.$executeRaw`UPDATE access_state
    SET first_owner_at = now(), set_up_hash = NULL, set_up_expires_at = NULL
    WHERE id AND first_owner_at IS NULL
      AND (${hash === null} OR set_up_hash = ${hash} AND set_up_expires_at > now())`
  return claimed === 1
}

/** The refusal of whoever comes second. */
export function ownerExists() {
  return appError('conflict', 'This server has an owner already. Sign in, or ask for an invitation.')
}

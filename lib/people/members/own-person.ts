import type pg from 'pg'
import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'

const FIND = `SELECT person_id FROM member WHERE workspace_id = $1 AND actor_id = $2`

/** The person behind an actor; undefined for a key or client, and for the local owner while there is no account. */
export async function personOf(
  pool: pg.Pool,
  { workspaceId, id, credential }: Actor,
): Promise<string | undefined> {
  if (credential.kind === 'session') return credential.personId
  if (credential.kind !== 'none') return undefined
  const { rows } = await pool.query<{ person_id: string }>(FIND, [workspaceId, id])
  return rows[0]?.person_id
}

/** The refusal of what needs an account while there is none. */
export function noAccount() {
  return appError('conflict', 'There is no account yet: create the owner account first.')
}

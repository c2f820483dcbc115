import { type Actor, ALL_SCOPES } from '../access/actor.ts'
import type { Role } from '../access/rules.ts'
import { refreshAccessState, STATE_KIND } from '../access/state.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { uniqueName } from './rows.ts'
import { testRequest } from './runtime.ts'

/** What a test says about the member it needs; the rest is made up. */
export interface MemberInput {
  role?: Role
  /** Ids; left out: in all categories. */
  categories?: readonly string[]
  display?: string
}

/** A person who is a member of the actor's workspace and has just signed in, written as rows. */
export async function makeMember(actor: Actor, input: MemberInput = {}): Promise<Actor> {
  const { workspaceId } = actor
  const { role = 'editor', categories = null, display = uniqueName('Member ') } = input
  const [id, personId] = [newId(), newId()]
  const { pool } = getRuntime().database.primary
  await pool.query('INSERT INTO person (id, email, name) VALUES ($1, $2, $3)', [
    personId,
    `${personId}@example.org`,
    display,
  ])
  await pool.query(`INSERT INTO actor (id, workspace_id, kind, display) VALUES ($1, $2, 'person', $3)`, [
    id,
    workspaceId,
    display,
  ])
  await pool.query(
    `INSERT INTO member (workspace_id, actor_id, person_id, role, all_categories, category_ids, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [workspaceId, id, personId, role, categories === null, categories ?? [], actor.id],
  )
  return {
    id,
    kind: 'person',
    workspaceId,
    role,
    scopes: ALL_SCOPES,
    label: null,
    categories: categories && new Set(categories),
    credential: { kind: 'session', id: newId(), personId, freshUntil: Date.now() + 900_000 },
    request: testRequest(),
  }
}

/** From now on there are accounts, on every instance that hears of changes. */
export async function openAccounts(actor: Actor): Promise<void> {
  await change({ ...actor, request: testRequest() }, async ({ tx, record }) => {
    await tx.$executeRaw`UPDATE access_state SET first_owner_at = now() WHERE first_owner_at IS NULL`
    record({
      action: 'access.accounts',
      target: { kind: STATE_KIND, id: actor.workspaceId, name: 'accounts' },
    })
  })
  await refreshAccessState()
}

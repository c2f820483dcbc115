import type pg from 'pg'
import { newId } from '../id.ts'

/** The workspace that exists until there are accounts, and who acts in it. */
export interface LocalIdentity {
  workspaceId: string
  ownerId: string
  systemId: string
}

/** Makes the default workspace and its two actors unless they exist, and tells their ids. */
export async function ensureWorkspace(pool: pg.Pool): Promise<LocalIdentity> {
  await pool.query(`INSERT INTO workspace (id, slug) VALUES ($1, 'default') ON CONFLICT (slug) DO NOTHING`, [
    newId(),
  ])
  await pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display)
     SELECT new.id::uuid, workspace.id, new.kind, new.display
     FROM workspace, (VALUES ($1, 'person', 'Local owner'), ($2, 'system', 'Incipit')) AS new (id, kind, display)
     WHERE workspace.slug = 'default' ON CONFLICT (workspace_id, kind, display) DO NOTHING`,
    [newId(), newId()],
  )
  const { rows } = await pool.query<{ workspace_id: string; owner_id: string; system_id: string }>(
    `SELECT workspace.id AS workspace_id, owner.id AS owner_id, robot.id AS system_id
     FROM workspace
     JOIN actor owner ON owner.workspace_id = workspace.id AND owner.kind = 'person' AND owner.display = 'Local owner'
     JOIN actor robot ON robot.workspace_id = workspace.id AND robot.kind = 'system' AND robot.display = 'Incipit'
     WHERE workspace.slug = 'default'`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('The default workspace could not be made.')
  return { workspaceId: row.workspace_id, ownerId: row.owner_id, systemId: row.system_id }
}

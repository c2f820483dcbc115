import type pg from 'pg'
import { ChangedTarget, type ChangeNotice, ListScope } from './notice.ts'

/** Revisions of all workspaces, read past every cache. */
export async function readRevisions(pool: pg.Pool): Promise<{ id: string; revision: number }[]> {
  const { rows } = await pool.query<{ id: string; revision: string }>('SELECT id, revision FROM workspace')
  return rows.map((row) => ({ id: row.id, revision: Number(row.revision) }))
}

/** So many rows at once are not told one by one: everything is forgotten instead. A bulk change fits in. */
const CATCH_UP_MAX = 2000

interface AuditRow {
  revision: string
  target_kind: string
  target_id: string
  target_name: string
  action: string
  lists: unknown
}

/** The changes after one revision and up to another, from the audit log, in order. */
export async function readNotices(
  pool: pg.Pool,
  workspaceId: string,
  after: number,
  upTo: number,
): Promise<{ items: ChangeNotice[]; complete: boolean }> {
  const { rows } = await pool.query<AuditRow>(
    `SELECT revision, target_kind, target_id, target_name, action, lists FROM audit_event
     WHERE workspace_id = $1 AND revision > $2 AND revision <= $3 ORDER BY revision LIMIT $4`,
    [workspaceId, after, upTo, CATCH_UP_MAX + 1],
  )
  if (rows.length > CATCH_UP_MAX) return { items: [], complete: false }
  const notices = new Map<number, ChangeNotice>()
  for (const row of rows) {
    const revision = Number(row.revision)
    const notice = notices.get(revision) ?? { workspace_id: workspaceId, revision, targets: [], lists: [] }
    notice.targets.push(
      ChangedTarget.parse({
        kind: row.target_kind,
        id: row.target_id,
        name: row.target_name,
        action: row.action,
      }),
    )
    notice.lists.push(...ListScope.array().parse(row.lists))
    notices.set(revision, notice)
  }
  return { items: [...notices.values()], complete: true }
}

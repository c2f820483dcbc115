import type pg from 'pg'
import { ChangedTarget, type ChangeNotice, ListScope } from './notice.ts'

export interface Revisions {
  revisions: { id: string; revision: number }[]
  /** Whether this server takes no changes: a standby, or a primary that was fenced off. */
  readOnly: boolean
  /** When this server was started, which tells it from the others that an address may lead to. */
  server: string
}

/** Revisions of all workspaces, read past every cache. */
export async function readRevisions(pool: pg.Pool): Promise<Revisions> {
  const { rows } = await pool.query<{
    id: string | null
    revision: string | null
    read_only: boolean
    server: string
  }>(
    `SELECT workspace.id, workspace.revision, current_setting('transaction_read_only') = 'on' AS read_only,
       pg_postmaster_start_time()::text AS server
     FROM (SELECT 1) AS server LEFT JOIN workspace ON true`,
  )
  return {
    revisions: rows.flatMap(({ id, revision }) => (id === null ? [] : [{ id, revision: Number(revision) }])),
    readOnly: rows[0]?.read_only === true,
    server: rows[0]?.server ?? '',
  }
}

/** Beyond so many rows subscribers get a reset instead of single changes. A bulk change stays below. */
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

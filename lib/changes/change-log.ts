import type pg from 'pg'
import { actorJson, isoTime } from '../db/columns.ts'
import type { ChangeEvent } from './schema.ts'

/** The visible changes of an actor: kinds of things in one workspace. */
export interface ChangeView {
  readonly workspaceId: string
  readonly kinds: readonly string[]
}

/** Most things of one change that are listed one by one. */
const THINGS_MAX = 200

const SELECT = `SELECT e.revision::float8 AS revision,
    ${isoTime('min(e.occurred_at)')} AS occurred_at,
    ${actorJson('a')} AS actor,
    min(e.request_id) AS request_id, count(*)::integer AS total,
    json_agg(json_build_object('action', e.action, 'kind', e.target_kind, 'id', e.target_id, 'name', e.target_name,
      'version', CASE WHEN e.action ~ '^(version|label)[.]' OR e.action = 'prompt.create'
        THEN (e.after ->> 'version')::integer END,
      'label', CASE WHEN e.action ~ '^label[.]' THEN coalesce(e.after ->> 'label', e.before ->> 'label') END,
      'labels', CASE WHEN e.action = 'version.create' THEN coalesce(e.after -> 'labels', '[]') ELSE '[]' END)
      ORDER BY e.place) FILTER (WHERE e.place <= ${THINGS_MAX}) AS changes
  FROM (
    SELECT *, row_number() OVER (PARTITION BY revision ORDER BY id) AS place FROM audit_event
    WHERE workspace_id = $1::uuid AND revision > $2::bigint AND revision <= $3::bigint
      AND target_kind = ANY ($4::text[])
  ) e JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.actor_id
  GROUP BY e.revision, a.id, a.kind, a.display ORDER BY e.revision`

/** The changes to things of some kinds, after one revision and up to another, from the audit log, in order. */
export async function readChanges(
  pool: pg.Pool,
  { workspaceId, kinds }: ChangeView,
  after: number,
  upTo: number,
): Promise<ChangeEvent[]> {
  const { rows } = await pool.query<ChangeEvent>({
    name: 'changes.read',
    text: SELECT,
    values: [workspaceId, after, upTo, kinds],
  })
  return rows
}

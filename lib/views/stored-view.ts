import { actorJson, isoTime } from '../db/columns.ts'

/** What callers see of a view `v`: their own, and those of everybody. $2 is the caller. */
export const SELECT_VIEW = `SELECT v.id, v.page, v.name, v.query, v.shared,
    ${actorJson('a')} AS author,
    ${isoTime('v.created_at')} AS created_at
  FROM saved_view v JOIN actor a ON a.workspace_id = v.workspace_id AND a.id = v.created_by
  WHERE v.workspace_id = $1::uuid AND (v.shared OR v.created_by = $2::uuid)`

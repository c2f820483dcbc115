/** What callers see of a view `v`: their own, and those of everybody. $2 is the caller. */
export const SELECT_VIEW = `SELECT v.id, v.page, v.name, v.query, v.shared,
    json_build_object('id', a.id, 'kind', a.kind, 'display', a.display) AS author,
    to_char(v.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
  FROM saved_view v JOIN actor a ON a.workspace_id = v.workspace_id AND a.id = v.created_by
  WHERE v.workspace_id = $1::uuid AND (v.shared OR v.created_by = $2::uuid)`

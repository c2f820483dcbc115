/** What callers see of a note `o`. */
export const SELECT_NOTE = `SELECT o.id, to_char(o.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, o.text,
    p.name AS prompt, json_build_object('id', a.id, 'kind', a.kind, 'display', a.display) AS author,
    to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
  FROM usage_note o JOIN actor a ON a.workspace_id = o.workspace_id AND a.id = o.created_by
  LEFT JOIN prompt_template p ON p.workspace_id = o.workspace_id AND p.id = o.prompt_id
  WHERE o.workspace_id = $1::uuid`

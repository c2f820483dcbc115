const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const author = (table: string) =>
  `json_build_object('id', ${table}.id, 'kind', ${table}.kind, 'display', ${table}.display)`

/** What callers see of an import `i`, without its items; the workspace is the first value. */
export const selectImports = (
  more = '',
) => `SELECT i.id, ${author('a')} AS created_by, ${time('i.created_at')} AS created_at,
    i.origin, i.formats, i.counts, ${time('i.undone_at')} AS undone_at,
    CASE WHEN i.undone_by IS NOT NULL THEN ${author('u')} END AS undone_by${more}
  FROM prompt_import i
  JOIN actor a ON a.workspace_id = i.workspace_id AND a.id = i.created_by
  LEFT JOIN actor u ON u.workspace_id = i.workspace_id AND u.id = i.undone_by
  WHERE i.workspace_id = $1::uuid`

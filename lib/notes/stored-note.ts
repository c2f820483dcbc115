import { actorJson, isoTime } from '../db/columns.ts'

/** What callers see of a note `o`. */
export const SELECT_NOTE = `SELECT o.id, ${isoTime('o.at')} AS at, o.text,
    p.name AS prompt, ${actorJson('a')} AS author,
    ${isoTime('o.created_at')} AS created_at
  FROM usage_note o JOIN actor a ON a.workspace_id = o.workspace_id AND a.id = o.created_by
  LEFT JOIN prompt_template p ON p.workspace_id = o.workspace_id AND p.id = o.prompt_id
  WHERE o.workspace_id = $1::uuid`

import type { PromptExample } from '../example-schema.ts'
import type { Query } from './stored-prompt.ts'

/** What callers see of an example `e`. */
const EXAMPLE = `SELECT e.id, e.name, e."values",
    json_build_object('id', a.id, 'kind', a.kind, 'display', a.display) AS author,
    to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
  FROM prompt_example e JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.created_by
  WHERE e.workspace_id = $1::uuid AND e.prompt_id = $2::uuid`

/** All examples of a prompt, by name. */
export function readExamples(query: Query, workspaceId: string, promptId: string): Promise<PromptExample[]> {
  return query<PromptExample>(`${EXAMPLE} ORDER BY e.name, e.id`, [workspaceId, promptId])
}

/** One of them. */
export async function readExample(
  query: Query,
  workspaceId: string,
  promptId: string,
  id: string,
): Promise<PromptExample | undefined> {
  const [row] = await query<PromptExample>(`${EXAMPLE} AND e.id = $3::uuid`, [workspaceId, promptId, id])
  return row
}

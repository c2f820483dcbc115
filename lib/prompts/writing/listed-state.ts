import type { Tx } from '../../db/client.ts'
import type { Json } from '../content/json.ts'
import { LATEST } from '../name.ts'
import { readVariables } from '../variables/variables.ts'
import type { ListedVersion, Listing } from './listing.ts'

interface Row {
  name: string
  category: string | null
  archived: boolean
  label: string
  title: string
  description: string
  variables: Json
  publish_prompt: boolean
  publish_tool: boolean
}

/** What lists show of a prompt now, as the transaction sees it; undefined before its first version. */
export async function readListing(
  tx: Tx,
  workspaceId: string,
  promptId: string,
): Promise<Listing | undefined> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT t.name, c.slug AS category, t.archived_at IS NOT NULL AS archived, l.label,
      v.title, v.description, v.variables, v.publish_prompt, v.publish_tool
    FROM prompt_template t
    LEFT JOIN category c ON c.workspace_id = t.workspace_id AND c.id = t.category_id
    JOIN LATERAL (
      SELECT label, version_number FROM prompt_label WHERE workspace_id = t.workspace_id AND prompt_id = t.id
      UNION ALL SELECT ${LATEST}, t.next_version - 1
    ) l ON true
    JOIN prompt_version v ON v.workspace_id = t.workspace_id AND v.prompt_id = t.id AND v.number = l.version_number
    WHERE t.workspace_id = ${workspaceId}::uuid AND t.id = ${promptId}::uuid`
  const [first] = rows
  if (first === undefined) return undefined
  const { name, category, archived } = first
  return { name, category, archived, labels: new Map(rows.map((row) => [row.label, listedVersion(row)])) }
}

function listedVersion({ title, description, variables, publish_prompt, publish_tool }: Row): ListedVersion {
  return {
    title,
    description,
    variables: readVariables(variables),
    publish: { prompt: publish_prompt, tool: publish_tool },
  }
}

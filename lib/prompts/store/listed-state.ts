import type { Tx } from '../../db/client.ts'
import type { Json } from '../../liquid/json.ts'
import { LATEST } from '../name.ts'
import type { ListedVersion, Listing } from '../plan/listing.ts'
import { readVariables } from '../variables/variables.ts'

interface Row {
  id: string
  name: string
  category: string | null
  archived: boolean
  label: string
  title: string
  description: string
  variables: Json
  publish_prompt: boolean
  publish_tool: boolean
  publish_skill: boolean
  checksum: string
}

/** What lists show of a prompt now, as the transaction sees it; undefined before its first version. */
export async function readListing(
  tx: Tx,
  workspaceId: string,
  promptId: string,
): Promise<Listing | undefined> {
  return (await readListings(tx, workspaceId, [promptId])).get(promptId)
}

/** The same of many prompts, by id. */
export async function readListings(
  tx: Tx,
  workspaceId: string,
  promptIds: readonly string[],
): Promise<Map<string, Listing>> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT t.id, t.name, c.slug AS category, t.archived_at IS NOT NULL AS archived, l.label,
      v.title, v.description, v.variables, v.publish_prompt, v.publish_tool, v.publish_skill, v.checksum
    FROM prompt_template t
    LEFT JOIN category c ON c.workspace_id = t.workspace_id AND c.id = t.category_id
    JOIN LATERAL (
      SELECT label, version_number FROM prompt_label WHERE workspace_id = t.workspace_id AND prompt_id = t.id
      UNION ALL SELECT ${LATEST}, t.next_version - 1
    ) l ON true
    JOIN prompt_version v ON v.workspace_id = t.workspace_id AND v.prompt_id = t.id AND v.number = l.version_number
    WHERE t.workspace_id = ${workspaceId}::uuid AND t.id = ANY (${promptIds}::uuid[])`
  const listings = new Map<string, Listing>()
  for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
    const [first] = own
    if (first === undefined) continue
    const { name, category, archived } = first
    const labels = new Map(own.map((row) => [row.label, listedVersion(row)]))
    listings.set(id, { name, category, archived, labels })
  }
  return listings
}

function listedVersion({ title, description, variables, checksum, ...row }: Row): ListedVersion {
  return {
    title,
    description,
    variables: readVariables(variables),
    publish: { prompt: row.publish_prompt, tool: row.publish_tool, skill: row.publish_skill },
    checksum,
  }
}

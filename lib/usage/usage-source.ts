/** Which uses are counted, resolved. */
export interface UsageFilter {
  workspaceId: string
  from: Date
  to: Date
  promptId: string | undefined
  version: number | undefined
  surface: string | undefined
  /** Empty: clients that gave no name. */
  client: string | undefined
}

/** Where the uses are read from: one row an hour for each prompt, version, label, way and client. */
export const SOURCE = 'usage_hour usage'

/** The parameters of WHERE, in their order; a statement's own come after them. */
export function filterValues(filter: UsageFilter): unknown[] {
  const { workspaceId, from, to, promptId, version, surface, client } = filter
  return [workspaceId, from, to, promptId ?? null, version ?? null, surface ?? null, client ?? null]
}

export const WHERE = `usage.workspace_id = $1 AND usage.hour >= $2::timestamptz AND usage.hour < $3::timestamptz
    AND ($4::uuid IS NULL OR usage.prompt_id = $4)
    AND ($5::integer IS NULL OR usage.version_number = $5)
    AND ($6::text IS NULL OR usage.surface = $6)
    AND ($7::text IS NULL OR coalesce(usage.client_name, '') = $7)`

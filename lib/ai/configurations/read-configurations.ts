import type { Tx } from '../../db/client.ts'
import { actorJson, isoTime } from '../../db/columns.ts'
import { etagOf } from '../../etag.ts'
import { keySource } from '../calls/call-key.ts'
import { findProvider } from '../providers/registry.ts'
import type { AIConfiguration } from '../schema.ts'
import { pricesSql } from './dated-prices.ts'
import { COLUMNS, type StoredConfiguration } from './stored-configuration.ts'

interface Row extends StoredConfiguration {
  fallback: string | null
  author: AIConfiguration['author']
  this_month: AIConfiguration['this_month']
  prices: AIConfiguration['prices']
  created_at: string
  updated_at: string
}

const SELECT = `SELECT ${COLUMNS}, f.name AS fallback,
    ${actorJson('a')} AS author,
    json_build_object('requests', coalesce(m.requests, 0), 'tokens', coalesce(m.tokens, 0),
      'cost', coalesce(m.cost, 0)::float8) AS this_month, ${pricesSql('true', 'DESC')} AS prices,
    ${isoTime('c.created_at')} AS created_at, ${isoTime('c.updated_at')} AS updated_at
  FROM ai_configuration c
  JOIN actor a ON a.workspace_id = c.workspace_id AND a.id = c.created_by
  LEFT JOIN ai_configuration f ON f.workspace_id = c.workspace_id AND f.id = c.fallback_id
  LEFT JOIN ai_spending m ON m.workspace_id = c.workspace_id AND m.subject = 'configuration:' || c.id
    AND m.period = 'month' AND m.starts_at = date_trunc('month', now(), 'UTC')
  WHERE c.workspace_id = $1::uuid`

/** A configuration by name, as callers see it; undefined when there is none. */
export async function readConfiguration(
  tx: Tx,
  workspaceId: string,
  name: string,
): Promise<AIConfiguration | undefined> {
  const [row] = await tx.$queryRawUnsafe<Row[]>(`${SELECT} AND c.name = $2`, workspaceId, name)
  return row === undefined ? undefined : toConfiguration(row)
}

export interface ConfigurationSlice {
  active: boolean | undefined
  /** Name of the last one of the page before. */
  after: string | undefined
  limit: number
}

/** Configurations by name, as callers see them. */
export async function readConfigurations(
  tx: Tx,
  workspaceId: string,
  { active, after, limit }: ConfigurationSlice,
): Promise<AIConfiguration[]> {
  const rows = await tx.$queryRawUnsafe<Row[]>(
    `${SELECT} AND ($2::boolean IS NULL OR c.active = $2) AND ($3::text IS NULL OR c.name > $3)
     ORDER BY c.name LIMIT $4::integer`,
    workspaceId,
    active ?? null,
    after ?? null,
    limit,
  )
  return rows.map(toConfiguration)
}

function toConfiguration(row: Row): AIConfiguration {
  const { fallback_id: _fallback, planned_prices: _planned, has_key, revision, ...shown } = row
  const provider = findProvider(row.provider)
  return {
    ...shown,
    // One that is switched off is not asked; what it would take is not known then.
    key: provider === undefined ? (has_key ? 'stored' : 'none') : keySource(provider, row.base_url, has_key),
    etag: etagOf({ id: row.id, revision }),
  }
}

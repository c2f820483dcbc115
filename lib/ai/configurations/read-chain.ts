import type pg from 'pg'
import type { Tx } from '../../db/client.ts'
import { getRuntime } from '../../runtime.ts'
import type { LoadedConfiguration } from '../operations/load-configuration.ts'
import { COLUMNS, type StoredConfiguration } from './stored-configuration.ts'

/** One configuration, by its name or by its id; neither: the usual one. */
export interface ConfigurationChoice {
  name?: string | undefined
  id?: string | undefined
}

export interface ChainMember {
  active: boolean
  loaded: LoadedConfiguration
}

interface Row extends StoredConfiguration {
  api_key_sealed: Uint8Array | null
  api_key_id: string | null
}

const CHAIN = `WITH RECURSIVE chain AS (
    SELECT id, fallback_id, 0 AS place FROM ai_configuration
    WHERE workspace_id = $1::uuid AND (name = $2 OR id = $3::uuid)
    UNION ALL
    SELECT n.id, n.fallback_id, chain.place + 1 FROM chain
    JOIN ai_configuration n ON n.workspace_id = $1::uuid AND n.id = chain.fallback_id
    WHERE chain.place < $4::integer
  )
  SELECT ${COLUMNS}, c.api_key_sealed, c.api_key_id
  FROM chain JOIN ai_configuration c ON c.workspace_id = $1::uuid AND c.id = chain.id ORDER BY chain.place`

/** A configuration and its fallbacks, in their order; empty when there is none. */
export async function readChain(
  pool: pg.Pool,
  workspaceId: string,
  { name, id }: ConfigurationChoice,
): Promise<ChainMember[]> {
  const { rows } = await pool.query<Row>({
    name: 'configurations.chain',
    text: CHAIN,
    values: [workspaceId, name ?? null, id ?? null, getRuntime().config.ai.fallbacks],
  })
  return rows.map((row) => ({ active: row.active, loaded: toLoaded(row) }))
}
/** Names and providers of the active ones. */
export function readUsable(tx: Tx, workspaceId: string): Promise<{ name: string; provider: string }[]> {
  return tx.aIConfiguration.findMany({
    where: { workspace_id: workspaceId, active: true },
    select: { name: true, provider: true },
    orderBy: { name: 'asc' },
  })
}

function toLoaded(row: Row): LoadedConfiguration {
  const { id, name, api_key_sealed: sealed, api_key_id: keyId } = row
  return {
    id,
    facts: {
      name,
      provider: row.provider,
      model: row.model,
      base_url: row.base_url,
      api: row.api,
      max_tokens: row.max_tokens,
      temperature: row.temperature,
      top_p: row.top_p,
      system_text: row.system_text,
      input_price_per_million: row.input_price_per_million,
      output_price_per_million: row.output_price_per_million,
    },
    sealedKey: sealed === null || keyId === null ? null : { sealed, keyId },
    limits: {
      id,
      name,
      requests_per_minute: row.requests_per_minute,
      tokens_per_minute: row.tokens_per_minute,
      monthly_token_quota: row.monthly_token_quota,
      monthly_cost_quota: row.monthly_cost_quota,
    },
  }
}

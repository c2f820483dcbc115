import type pg from 'pg'
import { cachedRead, type Reading } from '../../db/cached-read.ts'
import type { ChangedTarget } from '../../db/changes/notice.ts'
import { getRuntime } from '../../runtime.ts'
import type { Wrap } from '../../secrets/sealing.ts'
import type { LoadedConfiguration } from '../operations/load-configuration.ts'
import type { DatedPrice } from '../schema.ts'
import { factsAt } from './dated-prices.ts'
import { COLUMNS, type StoredConfiguration } from './stored-configuration.ts'

/** One configuration, by its name or by its id; neither: the usual one. */
export interface ConfigurationChoice {
  name?: string | undefined
  id?: string | undefined
}

export interface ChainMember {
  active: boolean
  planned: readonly DatedPrice[]
  loaded: LoadedConfiguration
}

interface Row extends StoredConfiguration {
  api_key_sealed: Uint8Array | null
  api_key_id: string | null
  wraps: Wrap[] | null
}

/** A row at least, for the revision; one without an id when there is no such configuration. */
type FoundRow = { workspace_revision: number } & (Row | { id: null })

const CHAIN = `WITH RECURSIVE chain AS (
    SELECT id, fallback_id, 0 AS place FROM ai_configuration
    WHERE workspace_id = $1::uuid AND (name = $2 OR id = $3::uuid)
    UNION ALL
    SELECT n.id, n.fallback_id, chain.place + 1 FROM chain
    JOIN ai_configuration n ON n.workspace_id = $1::uuid AND n.id = chain.fallback_id
    WHERE chain.place < $4::integer
  )
  SELECT w.revision::float8 AS workspace_revision, ${COLUMNS}, c.api_key_sealed, c.api_key_id, k.wraps
  FROM workspace w LEFT JOIN (
    chain JOIN ai_configuration c ON c.workspace_id = $1::uuid AND c.id = chain.id
    LEFT JOIN data_key k ON k.workspace_id = $1::uuid AND k.id = c.data_key_id
  ) ON true
  WHERE w.id = $1::uuid ORDER BY chain.place`

/** A configuration and its fallbacks, in their order; empty when there is none. */
async function readChain(
  pool: pg.Pool,
  workspaceId: string,
  { name, id }: ConfigurationChoice,
): Promise<Reading<ChainMember[]>> {
  const { rows } = await pool.query<FoundRow>({
    name: 'configurations.chain',
    text: CHAIN,
    values: [workspaceId, name ?? null, id ?? null, getRuntime().config.ai.fallbacks],
  })
  return {
    value: rows.flatMap((row) =>
      row.id === null ? [] : [{ active: row.active, planned: row.planned_prices, loaded: toLoaded(row) }],
    ),
    revision: rows[0]?.workspace_revision ?? 0,
  }
}

/** Each generation asks twice; a change of any configuration makes what is kept untrue. */
const CHAINS = { name: 'configurations.chain', maxEntries: 1000, isTouchedBy: isConfiguration }
const USABLE = { name: 'configurations.usable', maxEntries: 1000, isTouchedBy: isConfiguration }

function isConfiguration({ kind }: ChangedTarget): boolean {
  return kind === 'configuration'
}

/** The same, kept until a configuration changes; with the prices that are valid now. */
export async function findChain(
  workspaceId: string,
  choice: ConfigurationChoice,
): Promise<readonly ChainMember[]> {
  const key = choice.id ?? `"${choice.name}"`
  const chain = await cachedRead(CHAINS, workspaceId, key, (pool) => readChain(pool, workspaceId, choice))
  const now = Date.now()
  return chain.map(({ active, planned, loaded }) => ({
    active,
    planned,
    loaded: { ...loaded, facts: factsAt(loaded.facts, planned, now) },
  }))
}

/** A configuration that is switched on. */
export interface UsableName {
  name: string
  provider: string
}

const ACTIVE = `SELECT w.revision::float8 AS revision, coalesce((
    SELECT json_agg(json_build_object('name', c.name, 'provider', c.provider) ORDER BY c.name)
    FROM ai_configuration c WHERE c.workspace_id = $1::uuid AND c.active
  ), '[]') AS value FROM workspace w WHERE w.id = $1::uuid`

/** Names and providers of the active ones, kept until a configuration changes. */
export async function findUsable(workspaceId: string): Promise<readonly UsableName[]> {
  return cachedRead(USABLE, workspaceId, '', async (pool) => {
    const { rows } = await pool.query<Reading<UsableName[]>>({
      name: 'configurations.usable',
      text: ACTIVE,
      values: [workspaceId],
    })
    return rows[0] ?? { value: [], revision: 0 }
  })
}

function toLoaded(row: Row): LoadedConfiguration {
  const { id, name, api_key_sealed: sealed, api_key_id: keyId, wraps } = row
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
    sealedKey: sealed === null || keyId === null ? null : { sealed, keyId, wraps },
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

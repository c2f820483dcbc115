import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import type { SpendingLimits } from '../limits/spending.ts'
import type { ConfigurationFacts, DatedPrice } from '../schema.ts'
import { pricesSql, validPriceSql } from './dated-prices.ts'

/** A configuration's row, without its key. */
export interface StoredConfiguration extends ConfigurationFacts, SpendingLimits {
  id: string
  fallback_id: string | null
  active: boolean
  has_key: boolean
  /** Those that take effect later, the next one first. */
  planned_prices: DatedPrice[]
  revision: number
}

/** Columns of a StoredConfiguration, of the table as `c`. Dollars have six decimals: a double holds them. */
export const COLUMNS = `c.id, c.name, c.provider, c.model, c.base_url, c.api, c.max_tokens, c.temperature, c.top_p,
  c.system_text, ${validPriceSql('input_price_per_million')}, ${validPriceSql('output_price_per_million')},
  ${pricesSql('v.valid_from > clock_timestamp()', 'ASC')} AS planned_prices, c.requests_per_minute, c.tokens_per_minute,
  c.monthly_token_quota::float8 AS monthly_token_quota, c.monthly_cost_quota::float8 AS monthly_cost_quota,
  c.fallback_id, c.active, c.api_key_sealed IS NOT NULL AS has_key, c.revision`

/**
 * Reads all configurations and locks them until the transaction ends, in the order of their ids: there are
 * few, and whether fallbacks go round in a circle is a question to all of them.
 */
export function lockConfigurations(tx: Tx, workspaceId: string): Promise<StoredConfiguration[]> {
  return tx.$queryRawUnsafe<StoredConfiguration[]>(
    `SELECT ${COLUMNS} FROM ai_configuration c WHERE c.workspace_id = $1::uuid ORDER BY c.id FOR NO KEY UPDATE`,
    workspaceId,
  )
}

/** The error for a name that no configuration has. */
export function noConfiguration(name: string) {
  return appError('not_found', `There is no AI configuration "${name}".`)
}

/** The error for a name that another configuration has. */
export function nameTaken(name: string) {
  return appError('conflict', `An AI configuration "${name}" exists already.`, {
    details: [{ path: ['name'], code: 'name_taken', message: 'is taken by another AI configuration' }],
  })
}

/** Names as a text for people, the first twenty. */
export function namesOf(configurations: readonly { name: string }[]): string {
  const names = configurations.map(({ name }) => name).toSorted()
  const shown = names.slice(0, 20).join(', ')
  if (names.length === 0) return 'none'
  return names.length > 20 ? `${shown} …` : shown
}

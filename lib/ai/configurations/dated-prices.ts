import type { Tx } from '../../db/client.ts'
import { isoTime } from '../../db/columns.ts'
import type { ConfigurationFacts, DatedPrice } from '../schema.ts'

/*
 * Prices are rows with a date (ai_price); one that lies in the future takes effect because time passes. The columns of
 * ai_configuration are those of versions that know no dates.
 */

/**
 * A column of the price that is valid now, of the table of configurations as `c`. By the clock on the wall: what a
 * transaction has just written is valid in it.
 */
export const validPriceSql = (column: 'input_price_per_million' | 'output_price_per_million') =>
  `(SELECT v.${column}::float8 FROM ai_price v WHERE v.workspace_id = c.workspace_id AND v.configuration_id = c.id AND v.valid_from <= clock_timestamp()
    ORDER BY v.valid_from DESC LIMIT 1) AS ${column}`

/** Prices shown of a configuration. */
const MOST = 100

/** Prices as JSON, of the table of configurations as `c`. */
export const pricesSql = (which: string, order: 'ASC' | 'DESC') =>
  `(SELECT coalesce(json_agg(json_build_object(
      'valid_from', ${isoTime('v.valid_from')},
      'input_price_per_million', v.input_price_per_million::float8,
      'output_price_per_million', v.output_price_per_million::float8) ORDER BY v.valid_from ${order}), '[]')
    FROM (SELECT * FROM ai_price v WHERE v.workspace_id = c.workspace_id AND v.configuration_id = c.id AND ${which} ORDER BY v.valid_from ${order} LIMIT ${MOST}) v)`

/** The facts with the price that is valid at a time, of those that were planned when they were read. */
export function factsAt<Facts extends ConfigurationFacts>(
  facts: Facts,
  planned: readonly DatedPrice[],
  now: number,
): Facts {
  const due = planned.findLast(({ valid_from }) => Date.parse(valid_from) <= now)
  if (due === undefined) return facts
  const { input_price_per_million, output_price_per_million } = due
  return { ...facts, input_price_per_million, output_price_per_million }
}

interface PricedConfiguration {
  workspaceId: string
  id: string
}

/** Sets the price from now on, unless it is the valid one. */
export async function setPrice(
  tx: Tx,
  { workspaceId, id }: PricedConfiguration,
  price: Omit<DatedPrice, 'valid_from'>,
): Promise<void> {
  await tx.$executeRaw`SELECT set_ai_price(${workspaceId}::uuid, ${id}::uuid,
    ${price.input_price_per_million}::float8::numeric, ${price.output_price_per_million}::float8::numeric)`
}

/** Puts these in the place of the prices that were planned. */
export async function replacePlanned(
  tx: Tx,
  { workspaceId, id }: PricedConfiguration,
  planned: readonly DatedPrice[],
): Promise<void> {
  await tx.$executeRaw`DELETE FROM ai_price WHERE workspace_id = ${workspaceId}::uuid
    AND configuration_id = ${id}::uuid AND valid_from > clock_timestamp()`
  await tx.aIPrice.createMany({
    data: planned.map((price) => ({ workspace_id: workspaceId, configuration_id: id, ...price })),
  })
}

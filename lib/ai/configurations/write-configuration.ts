import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { activeDataKey } from '../../secrets/data-keys.ts'
import { seal } from '../../secrets/sealing.ts'
import { keyPlace } from '../calls/call-key.ts'
import type { AIConfiguration } from '../schema.ts'
import { replacePlanned, setPrice } from './dated-prices.ts'
import { readConfiguration } from './read-configurations.ts'
import { noConfiguration, type StoredConfiguration } from './stored-configuration.ts'

/** What of a configuration is no column of its row. */
export interface WrittenBeside {
  /** In plain; null removes what is stored, undefined leaves it. */
  key: string | null | undefined
  /** Whether its price is set from now on. */
  isPriced: boolean
  /** Whether its planned prices are replaced. */
  isPlanned: boolean
}

/**
 * Writes a row, made or changed.
 * @returns the configuration as callers see it
 */
export async function writeConfiguration(
  tx: Tx,
  actor: Actor,
  row: StoredConfiguration,
  { key, isPriced, isPlanned }: WrittenBeside,
): Promise<AIConfiguration> {
  const { id, has_key: _hasKey, planned_prices, ...columns } = row
  const identity = { workspace_id: actor.workspaceId, id }
  const data = { ...columns, ...(await keyColumns(tx, actor.workspaceId, id, key)) }
  await tx.aIConfiguration.upsert({
    where: { workspace_id_id: identity },
    create: { ...data, ...identity, created_by: actor.id },
    update: { ...data, updated_at: new Date() },
    select: { id: true },
  })
  const priced = { workspaceId: actor.workspaceId, id }
  if (isPriced) await setPrice(tx, priced, row)
  if (isPlanned) await replacePlanned(tx, priced, planned_prices)
  const written = await readConfiguration(tx, actor.workspaceId, row.name)
  if (written === undefined) throw noConfiguration(row.name)
  return written
}

async function keyColumns(tx: Tx, workspaceId: string, id: string, key: string | null | undefined) {
  if (key === undefined) return {}
  if (key === null) return { api_key_sealed: null, api_key_id: null }
  const dataKey = await activeDataKey(tx, workspaceId)
  const sealed = seal(key, dataKey, keyPlace(workspaceId, id))
  // Prisma takes bytes in a buffer of their own.
  return { api_key_sealed: new Uint8Array(sealed), api_key_id: dataKey.id }
}

import type { LoadedConfig } from '../../config/load.ts'
import { overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import type { Tx } from '../client.ts'
import { takeTurn } from './turn.ts'

type Limits = LoadedConfig['limits']
/** The limits that are numbers in every configuration. */
type NumericLimit = { [Key in keyof Limits]-?: Limits[Key] extends number ? Key : never }[keyof Limits]

/**
 * Asserts that there is room for one more under a limit of the configuration. Those who add at the same time follow
 * one another, so that no two take the last place.
 * @param message says how many there are at most
 * @param count how many there are, as the transaction sees it
 * @param owner whose limit it is, where not the whole workspace has one
 * @throws too_large
 */
export async function assertRoom(
  tx: Tx,
  workspaceId: string,
  limit: NumericLimit,
  message: (most: number) => string,
  count: () => Promise<number>,
  owner?: string,
): Promise<void> {
  const most = getRuntime().config.limits[limit]
  const key = `limits.${limit}`
  await takeTurn(tx, workspaceId, key, owner)
  if ((await count()) >= most) throw overLimit(key, message(most))
}

import type { Tx } from '../../db/client.ts'
import { configurationSubject } from './spending.ts'

/**
 * Locks what is spent of several configurations until the transaction ends. Who settles or reserves for more
 * than one of them calls it before the first: so that everybody locks them in one order, and nobody waits for
 * somebody who waits for them.
 */
export async function lockSpending(
  tx: Tx,
  workspaceId: string,
  configurationIds: readonly string[],
): Promise<void> {
  const subjects = configurationIds.map(configurationSubject)
  await tx.$executeRaw`SELECT lock_spending(${workspaceId}::uuid, ${subjects}::text[])`
}

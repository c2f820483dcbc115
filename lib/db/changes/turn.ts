import type { Tx } from '../client.ts'

/**
 * Lets transactions that would do the same follow each other where there is no row to lock: who takes a turn waits
 * until the one before has ended, and sees what it did.
 * @param kind what it is, such as a limit that is counted @param name which one of the workspace
 */
export async function takeTurn(tx: Tx, workspaceId: string, kind: string, name = ''): Promise<void> {
  const turn = `${kind} ${workspaceId} ${name}`
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${turn}, 0))::text`
}

import type { Runtime } from '../runtime.ts'
import { withConnection } from './connect.ts'
import { migrate } from './migrate.ts'
import { refuseTransactionPooling } from './pooler.ts'
import { checkRuntimeRights } from './rights.ts'

/**
 * What a start does to its database: looks what it talks to, migrates, and looks whether it has its rights.
 * @throws Error whose message says what to do, when the start cannot succeed
 */
export async function prepareDatabase({ config, log, database }: Runtime): Promise<void> {
  const { url, availability } = database
  await refuseTransactionPooling(url)
  availability.heard()
  const { migrateUrl } = config
  const applied = await migrate(migrateUrl ?? url, config.root, {
    lockTimeoutMs: config.database.migration_lock_ms,
    grantTo: migrateUrl === undefined ? undefined : await roleOf(url),
    log,
  })
  if (applied.length > 0) log.info({ applied }, 'migrations applied')
  const { role, isOwner } = await withConnection(url, 'incipit-start', checkRuntimeRights)
  if (isOwner)
    log.warn(
      { role },
      'one role migrates and serves, so what guards the audit log could be taken away by it; docs/databases.md ("Roles") shows how to use two',
    )
}

/** The name by which a role is known to the server: an address need not hold it. */
export function roleOf(url: string): Promise<string | undefined> {
  return withConnection(url, 'incipit-start', async (client) => {
    const { rows } = await client.query<{ role: string }>('SELECT current_user AS role')
    return rows[0]?.role
  })
}

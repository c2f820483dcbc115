import type { Runtime } from '../runtime.ts'
import { backUpBeforeMigration, deleteOldBackups } from './backup/before-migration.ts'
import { refuseTransactionPooling, withConnection } from './connect.ts'
import { passes } from './database-error.ts'
import { rightsTooWide } from './held-rights.ts'
import { migrate } from './migrations/migrate.ts'
import { checkRuntimeRights } from './rights.ts'

/**
 * Prepares the database at a start: checks the address, migrates, and checks the rights of the role.
 * @throws Error whose message says what to do, when the start cannot succeed
 */
export async function prepareDatabase(runtime: Runtime): Promise<void> {
  const { config, log, database } = runtime
  const { url, availability } = database
  const { migrateUrl } = config
  await refuseTransactionPooling(url)
  availability.heard()
  if (migrateUrl !== undefined && migrateUrl !== url)
    await refuseTransactionPooling(migrateUrl, 'database.migrate_url')
  await Promise.all(config.database.replicas.map(refuseReplicaPooling))
  const applied = await migrate(migrateUrl ?? url, config.root, {
    lockTimeoutMs: config.database.migration_lock_ms,
    grantTo: migrateUrl === undefined ? undefined : await roleOf(url),
    beforeChange: (missing) => backUpBeforeMigration(runtime, migrateUrl ?? url, missing),
    log,
  })
  if (applied.length > 0) {
    log.info({ applied }, 'migrations applied')
    await deleteOldBackups(config)
  }
  const { role, isOwner, tooWide } = await withConnection(url, 'incipit-start', async (client) => {
    const held = await checkRuntimeRights(client)
    return { ...held, tooWide: held.isOwner ? [] : await rightsTooWide(client, held.role) }
  })
  if (tooWide.length > 0)
    log.warn(
      { role, rights: tooWide },
      'the role that serves may do more than it needs, so what guards the audit log could be taken away by it: REVOKE these rights from whoever has them (it, a role that it is a member of, PUBLIC); docs/databases.md ("Rights")',
    )
  if (isOwner)
    log.warn(
      { role },
      'one role migrates and serves, so what guards the audit log could be taken away by it; docs/databases.md ("Roles") shows how to use two',
    )
}

/** A replica that is away is none of the start's business: it rests until it answers. */
async function refuseReplicaPooling(url: string): Promise<void> {
  try {
    await refuseTransactionPooling(url, 'database.replicas')
  } catch (error) {
    if (!passes(error)) throw error
  }
}

/** The name by which a role is known to the server: an address need not hold it. */
export function roleOf(url: string): Promise<string | undefined> {
  return withConnection(url, 'incipit-start', async (client) => {
    const { rows } = await client.query<{ role: string }>('SELECT current_user AS role')
    return rows[0]?.role
  })
}

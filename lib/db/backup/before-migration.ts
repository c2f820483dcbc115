import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { LoadedConfig } from '../../config/load.ts'
import { withConnection } from '../connect.ts'
import { writeBackup } from './write.ts'

/** Of the app's log. */
interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

const NAME = /^before-migration-[-\dTZ]+\.backup\.gz$/

/**
 * Backs a database up that is about to be migrated, into `backups` of the data folder, and keeps the newest
 * `database.backups_kept` of these. A database larger than `database.backup_largest_bytes` gets a warning instead.
 * @throws Error that says what to do, when the backup cannot be written: nothing is migrated then
 */
export async function backUpBeforeMigration(
  { config, log }: { config: Pick<LoadedConfig, 'database' | 'dataDir'>; log: Log },
  url: string,
  missing: readonly string[],
): Promise<void> {
  const { backup_before_migration, backup_largest_bytes, backups_kept } = config.database
  if (!backup_before_migration) return
  const bytes = await sizeOf(url)
  if (bytes > backup_largest_bytes) {
    log.warn(
      { bytes, largest: backup_largest_bytes, migrations: missing },
      'the database is migrated without a backup of ours, because it is larger than database.backup_largest_bytes',
    )
    return
  }
  const folder = path.join(config.dataDir, 'backups')
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  const file = path.join(folder, `before-migration-${stamp}Z.backup.gz`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const rows = await writeBackup(url, file)
    log.info({ file, rows, migrations: missing }, 'a backup was made before the migration')
  } catch (error) {
    throw new Error(
      `The backup before the migration could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}. ` +
        'Nothing was migrated. Make room or rights there, name another INCIPIT_DATA_DIR, or set database.backup_before_migration to false.',
      { cause: error },
    )
  }
  await keepNewest(folder, backups_kept)
}

async function sizeOf(url: string): Promise<number> {
  return withConnection(url, 'incipit-backup', async (client) => {
    const { rows } = await client.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    )
    return Number(rows[0]?.bytes)
  })
}

async function keepNewest(folder: string, most: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  for (const name of names.slice(0, -most)) await rm(path.join(folder, name), { force: true })
}

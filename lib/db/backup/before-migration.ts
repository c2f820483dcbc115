import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { LoadedConfig } from '../../config/load.ts'
import { withConnection } from '../connect.ts'
import { writeBackup } from './write.ts'

type Settings = Pick<LoadedConfig, 'database' | 'dataDir'>

/** Of the app's log. */
interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** Name of the first migration that the database lacked, then the time. */
const NAME = /^before-(\d{14}_\w+)-([-\dTZ]+)\.backup\.gz$/
/** A start that fails is tried again and again. */
const SAME_STATE_MS = 3_600_000

/**
 * Backs a database up that is about to be migrated, into `backups` of the data folder; once is enough for starts that
 * fail in a row. A database larger than `database.backup_largest_bytes` gets a warning instead.
 * @param missing the migrations that the database lacks, in their order
 * @throws Error that says what to do, when the backup cannot be written: nothing is migrated then
 */
export async function backUpBeforeMigration(
  { config, log }: { config: Settings; log: Log },
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
  const [state = ''] = missing
  const same = (await readBackups(folderOf(config))).filter((each) => each.state === state)
  const isFresh = same.some(({ at }) => Date.now() - at < SAME_STATE_MS)
  if (isFresh || same.length >= backups_kept) return
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  await write(path.join(folderOf(config), `before-${state}-${stamp}Z.backup.gz`), url, missing, log)
}

/**
 * Deletes all but the newest `database.backups_kept` backups of this kind, one of each state. Called when a migration
 * has succeeded: until then the state before it may be asked for.
 */
export async function deleteOldBackups(config: Settings): Promise<void> {
  const folder = folderOf(config)
  const newest = (await readBackups(folder)).toSorted((a, b) => b.at - a.at)
  const ofStates = newest.filter(({ state }, at) => newest.findIndex((each) => each.state === state) === at)
  const kept = new Set(ofStates.slice(0, config.database.backups_kept))
  for (const each of newest) if (!kept.has(each)) await rm(path.join(folder, each.name), { force: true })
}

async function write(file: string, url: string, missing: readonly string[], log: Log): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    const rows = await writeBackup(url, file)
    log.info({ file, rows, migrations: missing }, 'a backup was made before the migration')
  } catch (error) {
    throw new Error(
      `The backup before the migration could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}. ` +
        'Nothing was migrated. Make room or rights there, name another INCIPIT_DATA_DIR, or set database.backup_before_migration to false.',
      { cause: error },
    )
  }
}

async function sizeOf(url: string): Promise<number> {
  return withConnection(url, 'incipit-backup', async (client) => {
    const { rows } = await client.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    )
    return Number(rows[0]?.bytes)
  })
}

function folderOf({ dataDir }: Settings): string {
  return path.join(dataDir, 'backups')
}

/** Those that starts have made, with what the database lacked and the time in milliseconds. */
async function readBackups(folder: string): Promise<{ name: string; state: string; at: number }[]> {
  const names = await readdir(folder).catch(() => [])
  const found = names.map((name) => NAME.exec(name)).filter((each) => each !== null)
  return Promise.all(
    found.map(async ([name, state = '']) => ({
      name,
      state,
      at: (await stat(path.join(folder, name))).mtimeMs,
    })),
  )
}

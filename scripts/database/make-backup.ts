import { streamBackup, writeBackup } from '#lib/db/backup/write.ts'
import { BACKUP_STEP } from '#lib/health/read-work.ts'
import { databaseUrl, pathOf, refuseNpmsLines, refuseTerminal, withClient } from './arguments.ts'

/**
 * Makes a backup and notes that it was made.
 * @param name of the file, relative to where npm was called; `-` is stdout; left out, a name with the time
 * @returns how many rows are in which file, and both as a sentence
 * @throws Error when there is such a file
 */
export async function makeBackup(
  name: string | undefined,
): Promise<{ rows: number; file: string | null; text: string }> {
  const isPiped = name === '-'
  if (isPiped) {
    refuseTerminal()
    refuseNpmsLines('backup -- - > FILE')
  }
  const file = isPiped ? null : pathOf(name ?? `incipit-${stamp()}Z.backup.gz`)
  const url = databaseUrl()
  const rows = file === null ? await streamBackup(url, process.stdout) : await writeBackup(url, file)
  await noteBackup(url)
  const text = `${rows} rows are in ${file ?? 'the backup'}. Keys of AI providers are in it sealed; INCIPIT_SECRET is not.`
  return { rows, file, text }
}

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(':', '')
}

/** Notes that a backup was made. That it cannot be noted (a role that only reads, a standby) does it no harm. */
async function noteBackup(url: string): Promise<void> {
  await withClient(url, (client) =>
    client.query(
      `INSERT INTO upkeep (step, succeeded_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`,
      [BACKUP_STEP],
    ),
  ).catch(() => undefined)
}

import { streamBackup, writeBackup } from '#lib/db/backup/write.ts'
import { databaseUrl, pathOf, refuseNpmsLines, refuseTerminal } from './arguments.ts'
import { noteBackup } from './note-backup.ts'

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

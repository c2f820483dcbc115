import { migrateDatabase, ownerUrl, refusePoolers } from './arguments.ts'
import { readBackup } from './read-backup.ts'

/**
 * Loads a backup into the empty database of the settings.
 * @returns how many rows, also as a sentence
 * @throws Error when the database holds something, or the file is no good
 */
export async function restoreBackup(file: string): Promise<{ rows: number; text: string }> {
  await refusePoolers()
  const rows = await readBackup(ownerUrl(), file)
  // The restored tables belong to the owner; the app's role gets its rights to them.
  await migrateDatabase()
  return { rows, text: `${rows} rows were restored from ${file}.` }
}

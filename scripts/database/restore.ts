/** `npm run restore -- FILE`: loads a backup into an empty database. */
import {
  commandLine,
  fileArgument,
  migrateDatabase,
  ownerUrl,
  refusePoolers,
  runScript,
} from './arguments.ts'
import { readBackup } from './read-backup.ts'

await runScript(async () => {
  const file = fileArgument()
  if (file === undefined) throw new Error(`Name the backup: ${commandLine('restore -- FILE')}`)
  await refusePoolers()
  const rows = await readBackup(ownerUrl(), file)
  // The restored tables belong to the owner; the app's role gets its rights to them.
  await migrateDatabase()
  return `${rows} rows were restored from ${file}.`
})

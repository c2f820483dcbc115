/** `npm run restore -- FILE`: loads a backup into an empty database. */
import { databaseUrl, fileArgument, runScript } from './arguments.ts'
import { readBackup } from './read-backup.ts'

await runScript(async () => {
  const file = fileArgument()
  if (file === undefined) throw new Error('Name the backup: npm run restore -- FILE')
  const rows = await readBackup(databaseUrl(), file)
  return `${rows} rows were restored from ${file}.`
})

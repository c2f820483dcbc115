/** `npm run backup:verify -- FILE`: reads a backup from end to end, without a database. */
import { verifyBackup } from '#lib/db/backup/read.ts'
import { commandLine, fileArgument, runScript } from './arguments.ts'
import { knownMigrations } from './read-backup.ts'

await runScript(async () => {
  const file = fileArgument()
  if (file === undefined) throw new Error(`Name the backup: ${commandLine('backup:verify -- FILE')}`)
  return `${file} is whole: ${await verifyBackup(file, await knownMigrations())} rows.`
})

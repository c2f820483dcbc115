/** `npm run restore -- FILE`: loads a backup into an empty database. */
import { commandLine, fileArgument, runScript } from './arguments.ts'
import { restoreBackup } from './restore-backup.ts'

await runScript(async () => {
  const file = fileArgument()
  if (file === undefined) throw new Error(`Name the backup: ${commandLine('restore -- FILE')}`)
  return (await restoreBackup(file)).text
})

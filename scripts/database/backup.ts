/** `npm run backup [-- FILE]`: everything in the database, in a file that `restore` loads. */
import { databaseUrl, fileArgument, runScript } from './arguments.ts'
import { writeBackup } from './write-backup.ts'

const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')

await runScript(async () => {
  const file = fileArgument(`incipit-${stamp}Z.backup.gz`) ?? ''
  const rows = await writeBackup(databaseUrl(), file)
  return `${rows} rows are in ${file}. Keys of AI providers are in it sealed; INCIPIT_SECRET is not.`
})

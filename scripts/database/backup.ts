/** `npm run backup [-- FILE]`: everything in the database, in a file that `restore` loads; `-` is stdout. */
import { streamBackup, writeBackup } from '#lib/db/backup/write.ts'
import { databaseUrl, fileArgument, refuseNpmsLines, runScript } from './arguments.ts'

const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')

const isPiped = process.argv.slice(2).includes('-')

await runScript(
  async () => {
    if (isPiped) refuseNpmsLines()
    const file = fileArgument(`incipit-${stamp}Z.backup.gz`) ?? ''
    const rows = isPiped
      ? await streamBackup(databaseUrl(), process.stdout)
      : await writeBackup(databaseUrl(), file)
    return `${rows} rows are in ${isPiped ? 'the backup' : file}. Keys of AI providers are in it sealed; INCIPIT_SECRET is not.`
  },
  isPiped ? console.error : console.log,
)

/** `npm run backup [-- FILE]`: everything in the database, in a file that `restore` loads; `-` is stdout. */
import { runScript } from './arguments.ts'
import { makeBackup } from './make-backup.ts'

const names = process.argv.slice(2)
const isPiped = names.includes('-')
const name = names.find((each) => !each.startsWith('-'))

await runScript(
  async () => (await makeBackup(isPiped ? '-' : name)).text,
  isPiped ? console.error : console.log,
)

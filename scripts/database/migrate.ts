/** `npm run db:migrate`: applies what the database lacks, as every start of the app does. */
import { migrateDatabase, runScript } from './arguments.ts'

await runScript(async () => {
  const applied = await migrateDatabase()
  return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
})

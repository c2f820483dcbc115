/** `npm run db:migrate`: applies what the database lacks, as every start of the app does. */
import { migrate } from '#lib/db/migrate.ts'
import { root } from '../root.mjs'
import { databaseUrl, runScript } from './arguments.ts'

await runScript(async () => {
  const applied = await migrate(databaseUrl(), root)
  return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
})

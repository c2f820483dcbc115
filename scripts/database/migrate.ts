/** `npm run db:migrate`: applies what the database lacks, as every start of the app does. */
import { install } from '@incipit/inngest-embedded'
import pg from 'pg'
import { JOBS_SCHEMA } from '#inngest/mode.ts'
import { databaseUrl, migrateDatabase, ownerUrl, runScript } from './arguments.ts'

await runScript(async () => {
  const applied = await migrateDatabase()
  await installJobs()
  return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
})

/** The tables of background work as well, so that the app's role need not be able to make any. */
async function installJobs(): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl(), max: 1 })
  try {
    await install({ pool, schema: JOBS_SCHEMA, ownerConnectionString: ownerUrl() })
  } finally {
    await pool.end()
  }
}

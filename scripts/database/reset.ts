/** `npm run db:reset -- --yes`: throws everything in the database away and leaves it migrated and empty. */
import { placeOf } from '#lib/db/connect.ts'
import { commandLine, migrateDatabase, ownerUrl, refusePoolers, runScript, withClient } from './arguments.ts'

await runScript(async () => {
  const url = ownerUrl()
  if (!process.argv.includes('--yes'))
    throw new Error(
      `This deletes everything in ${placeOf(url)}. To do it: ${commandLine('db:reset -- --yes')}`,
    )
  await refusePoolers()
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'incipit'`,
    )
    if ((rows[0]?.count ?? 0) > 0) throw new Error('An app is using this database. Stop it first.')
    // Together: a role that may not do one of them deletes nothing. The background work makes its own
    // tables anew.
    await client.query(`BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;
      DROP SCHEMA IF EXISTS incipit_jobs, incipit_jobs_queue CASCADE; COMMIT`)
  })
  await migrateDatabase()
  return 'The database is empty. The next start seeds it.'
})

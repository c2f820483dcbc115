import { startTestDatabase } from '../test-database.mjs'

/**
 * Starts the PostgreSQL that a test run shares, unless INCIPIT_TEST_DATABASE_URL names one, and says
 * where it is by that variable. INCIPIT_TEST_PG chooses it: embedded (the default) or debian.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.INCIPIT_TEST_DATABASE_URL) return undefined
  const kind = process.env.INCIPIT_TEST_PG === 'debian' ? 'debian' : 'embedded'
  const { adminUrl, stop } = await startTestDatabase({ kind })
  process.env.INCIPIT_TEST_DATABASE_URL = adminUrl
  return stop
}

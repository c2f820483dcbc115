import { setup } from '../../scripts/test/database-setup.ts'
import { startApp } from '../start-app.ts'

/**
 * Starts a PostgreSQL and on it the production build with a fresh, seeded database for all browser tests;
 * Playwright calls it once.
 */
export default async function start(): Promise<() => Promise<void>> {
  const stopDatabase = await setup()
  const app = await startApp()
  process.env.INCIPIT_E2E_URL = app.url
  return async () => {
    await app.stop()
    await stopDatabase?.()
  }
}

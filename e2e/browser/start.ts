import { startApp } from '../start-app.ts'

/** Starts the production build on a fresh, seeded database for all browser tests; Playwright calls it once. */
export default async function start(): Promise<() => Promise<void>> {
  const app = await startApp()
  process.env.INCIPIT_E2E_URL = app.url
  return async () => {
    await app.stop()
  }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { readSettings } from './settings.mjs'

/** Of the embedded PostgreSQL: its data is in a folder of this name. */
const embeddedMajor = 18

/**
 * The database for the app: the configured server, or the embedded PostgreSQL, started when need be.
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} settings
 * @param {{purpose: string, attach: boolean}} options attach: use a server that another process owns
 * @returns {Promise<{environment: Record<string, string>, stop: () => Promise<void>}>}
 */
export async function openDatabase(settings, options) {
  const common = { INCIPIT_ROOT: root, INCIPIT_DATA_DIR: settings.dataDir }
  // Whoever uses the server reads its address where the app does.
  if (settings.hasOwnServer) return { environment: common, stop: async () => {} }
  // Loaded late: its client library is there only after the install.
  const { startEmbeddedPostgres } = await import('../embedded-postgres/start.mjs')
  const { url, ownerUrl, stop } = await startEmbeddedPostgres({
    ...options,
    dataDir: settings.dataDir,
    log: (message) => console.error(message),
  }).catch((error) => {
    throw explainFileError(error, settings.dataDir)
  })
  const addresses = { DATABASE_URL: url, INCIPIT_DATABASE_MIGRATE_URL: ownerUrl }
  return { environment: { ...common, ...addresses, INCIPIT_EMBEDDED: '1' }, stop }
}

/** The error of a data folder that is closed or full; any other error as it is. */
export function explainFileError(error, dataDir) {
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) return error
  return expectedError(
    `The data folder ${dataDir} cannot be used: ${error.message}`,
    'Start Incipit as the user who owns it, or choose another folder with INCIPIT_DATA_DIR.',
    error,
  )
}

/**
 * The database for who looks at it as it is: nothing is made, and that it cannot be opened is told in the environment.
 * @param {string} purpose who looks
 * @param {typeof readSettings} read the settings; its error is told as well
 * @returns {Promise<{environment: Record<string, string>, stop: () => Promise<void>}>}
 */
export async function databaseToLookAt(purpose, read = readSettings) {
  const common = { INCIPIT_ROOT: root }
  try {
    const settings = read()
    if (settings.hasOwnServer || existsSync(join(settings.dataDir, `postgres-${embeddedMajor}`)))
      return await openDatabase(settings, { purpose, attach: true })
    const reason = `there is none in ${settings.dataDir} yet; the first npm start makes it.`
    return { environment: { ...common, INCIPIT_DATABASE_PROBLEM: reason }, stop: async () => {} }
  } catch (error) {
    return { environment: { ...common, INCIPIT_DATABASE_PROBLEM: error.message }, stop: async () => {} }
  }
}

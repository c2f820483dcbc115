import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'

/**
 * The few settings that the launcher needs itself: environment over file over default. The app checks
 * the whole file and names what is wrong in it.
 * @returns {{host: string, port: number, databaseUrl: string | undefined, dataDir: string, shutdownMs: number}}
 */
export function readSettings() {
  const { PORT, HOST, DATABASE_URL, INCIPIT_DATA_DIR } = process.env
  const file = readConfigFile()
  const port = Number(PORT || (file?.server?.port ?? 3000))
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw expectedError(`PORT must be a number from 0 to 65535, not ${PORT || file.server.port}.`)
  }
  return {
    host: HOST || file?.server?.host || '127.0.0.1',
    port,
    databaseUrl: DATABASE_URL || file?.database?.url || undefined,
    dataDir: resolve(root, INCIPIT_DATA_DIR || '.incipit'),
    shutdownMs: Number(process.env.INCIPIT_SHUTDOWN_TIMEOUT_MS || file?.limits?.shutdown_ms || 10_000),
  }
}

function readConfigFile() {
  const named = process.env.INCIPIT_CONFIG
  const path = resolve(root, named || 'incipit.config.json')
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw expectedError(`${path} cannot be read: ${error.message}`)
    if (named) throw expectedError(`INCIPIT_CONFIG names ${path}, which does not exist.`)
    return null
  }
}

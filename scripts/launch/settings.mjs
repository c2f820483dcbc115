import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'

/**
 * The few settings that the launcher needs itself: environment over file over default. The app checks
 * all of them and names what is wrong.
 * hasOwnServer: the settings name a PostgreSQL.
 * @returns {{host: string, port: number, hasOwnServer: boolean, dataDir: string, shutdownMs: number, drainMs: number}}
 */
export function readSettings() {
  const file = readConfigFile()
  const port = value(file, 'server', 'port', 'PORT') ?? { text: 3000 }
  const number = Number(port.text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw expectedError(`${port.name} must be a number from 0 to 65535, not ${String(port.text)}.`)
  }
  const hasOwnServer = value(file, 'database', 'url', 'DATABASE_URL', { mayBeFile: true }) !== undefined
  const drainMs = value(file, 'limits', 'drain_ms')?.text ?? (hasOwnServer ? 5_000 : 0)
  const shutdownMs = value(file, 'limits', 'shutdown_ms', 'INCIPIT_SHUTDOWN_TIMEOUT_MS')
  return {
    host: value(file, 'server', 'host', 'HOST')?.text ?? '127.0.0.1',
    port: number,
    hasOwnServer,
    dataDir: resolve(root, process.env.INCIPIT_DATA_DIR || '.incipit'),
    shutdownMs: Number(shutdownMs?.text ?? 10_000),
    drainMs: Number(drainMs),
  }
}

/**
 * A key under its short name, if it has one, under the name made from section and key, else from the file.
 * mayBeFile: the variable with `_FILE` may name a file with it; the app reads that.
 * @returns {{name: string, text: unknown} | undefined}
 */
function value(file, section, key, shortName, { mayBeFile = false } = {}) {
  const own = [shortName ?? '', `INCIPIT_${section}_${key}`.toUpperCase()]
  const names = mayBeFile ? [...own, ...own.map((each) => `${each}_FILE`)] : own
  const name = names.find((each) => process.env[each])
  if (name) return { name, text: process.env[name] }
  const text = file?.[section]?.[key]
  return text === undefined ? undefined : { name: `${section}.${key}`, text }
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

import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { refusePlatform } from '../embedded-postgres/binaries.mjs'
import { expectedError } from '../expected-error.mjs'
import { explainFileError } from './database.mjs'
import { refuseOldNode } from './node-runtime.mjs'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/**
 * Refuses settings and a machine with which the start would fail after a long install.
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} settings
 * @throws an expected error
 */
export function refuseMachine({ host, isOpen, databaseUrl, dataDir }) {
  refuseOldNode()
  if (!isOpen && !loopback.test(host)) {
    throw expectedError(
      `HOST is ${host}, which other machines can reach, and there are no accounts: everybody who reaches it could read and change every prompt.`,
      'Listen on 127.0.0.1 behind a proxy that authenticates, or set INCIPIT_SECURITY_ALLOW_OPEN=true.',
    )
  }
  if (databaseUrl) return
  refusePlatform()
  let folder = dataDir
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw explainFileError(error, dataDir)
  }
}

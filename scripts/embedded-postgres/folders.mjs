import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { canReach } from './account.mjs'

/** @typedef {import('./account.mjs').Account} Account */

/** A Unix socket's path must fit the kernel's 108 bytes, its final NUL among them. */
const longestSocketPath = 107

/**
 * Where root keeps what an unprivileged account must reach and a home may hide.
 * @throws an expected error when others than root may change it: they could swap the programs
 */
export function makeSharedFolder() {
  const folder = '/var/lib/incipit'
  makeFolder(folder, 0o755)
  const { uid, mode } = lstatSync(folder)
  if (uid === 0 && (mode & 0o022) === 0) return folder
  throw expectedError(
    `${folder} can be changed by others than root.`,
    `Give it back to root: chown root ${folder}; chmod go-w ${folder}`,
  )
}

/**
 * The folder that holds the server's files, named by its major version: `<dataDir>/postgres-18`.
 * Where the unprivileged account cannot reach the data folder (root's home is closed to others), that
 * name is a symbolic link into /var/lib/incipit. Nothing is made here but folders and the link.
 * @param {string} dataDir
 * @param {number} major
 * @param {Account | null} account
 */
export function placeData(dataDir, major, account) {
  makeFolder(dataDir, account ? 0o711 : 0o700)
  // A folder made for us beforehand is ours to open; one that holds something is left as it is.
  if (account && readdirSync(dataDir).length === 0) chmodSync(dataDir, 0o711)
  const path = join(resolve(dataDir), `postgres-${major}`)
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    const target = resolve(dirname(path), readlinkSync(path))
    makeFolder(dirname(target), 0o711)
    return target
  }
  if (existsSync(path) || canReach(dataDir, account)) return path
  const target = join(makeSharedFolder(), randomBytes(8).toString('hex'), `postgres-${major}`)
  makeFolder(dirname(target), 0o711)
  symlinkSync(target, path)
  return target
}

/**
 * A 0700 folder for the socket, next to the data where its path is short enough and can be reached,
 * else under the machine's folder for temporary files, under a name made from the data folder's.
 * @param {string} dataFolder
 * @param {Account | null} account
 */
export function placeSocket(dataFolder, account) {
  const beside = join(dirname(dataFolder), 'run')
  const fits = Buffer.byteLength(join(beside, '.s.PGSQL.5432')) <= longestSocketPath
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)
  const folder = fits ? beside : join(tmpdir(), `incipit-${name}`)
  makeFolder(folder, 0o700, account)
  // The folder of an earlier account, in a folder of ours; elsewhere it is not known whose it is.
  if (fits && account && lstatSync(folder).uid !== account.uid) giveFolder(folder, 0o700, account)
  const { uid, mode } = lstatSync(folder)
  // In a folder that everybody may write to, somebody else could have made ours first.
  const expected = account?.uid ?? process.getuid?.() ?? uid
  if (uid !== expected || (mode & 0o077) !== 0) {
    throw new Error(`The socket's folder ${folder} belongs to somebody else or is open to others.`)
  }
  return folder
}

/**
 * Makes a folder unless it exists, and gives the new one to the account.
 * @param {string} path
 * @param {number} mode
 * @param {Account | null} [account]
 */
function makeFolder(path, mode, account) {
  if (existsSync(path)) return
  mkdirSync(path, { recursive: true, mode })
  if (account) giveFolder(path, mode, account)
  else chmodSync(path, mode)
}

/** By its descriptor: a link that took the folder's place meanwhile is not followed. */
function giveFolder(path, mode, { uid, gid }) {
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    fchownSync(folder, uid, gid)
    fchmodSync(folder, mode)
  } finally {
    closeSync(folder)
  }
}

/** @param {string} path */
export function removeFolder(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

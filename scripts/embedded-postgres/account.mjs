import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { bareEnvironment } from '../child-environment.mjs'
import { expectedError } from '../expected-error.mjs'

/**
 * The account that PostgreSQL runs under: `null` means ours. PostgreSQL refuses to run as root, so root
 * takes the owner of an existing data folder, else a number that belongs to nobody else.
 * @typedef {object} Account
 * @property {number} uid
 * @property {number} gid
 * @property {number} [initdbUid] who makes the data folder, where that cannot be the account itself
 */

/** Numbers that neither Debian nor systemd gives to anybody. */
const unusedIds = Array.from({ length: 14 }, (_, n) => 65_520 + n)

/**
 * @param {string} [dataFolder] `<dataDir>/postgres-18`, which may not exist yet
 * @returns {Account | null}
 */
export function chooseAccount(dataFolder) {
  if (process.getuid?.() !== 0) return null
  const owner = dataFolder && (ownerOfData(dataFolder) ?? ownerOf(dirname(dataFolder), statSync))
  const named = accountNamed('nobody') ?? accountNamed('postgres')
  if (owner && owner.uid !== 0) return hasName(owner.uid) ? owner : { ...owner, initdbUid: named?.uid }
  if (!named) {
    throw expectedError(
      'PostgreSQL does not run as root, and this machine has no account "nobody" or "postgres" to make its data folder.',
      'Start Incipit as another user, or set DATABASE_URL to a PostgreSQL server of yours.',
    )
  }
  const id = unusedId()
  // initdb insists on an account with a name; the server itself does not.
  return id === undefined ? named : { uid: id, gid: id, initdbUid: named.uid }
}

function hasName(uid) {
  return passwdLines().some((line) => line.split(':')[2] === String(uid))
}

/** A number without a name, that this user namespace (of a container, say) can give. */
function unusedId() {
  if (process.platform !== 'linux' || !['uid_map', 'gid_map'].every(mapsAllIds)) return undefined
  const taken = new Set(
    [...passwdLines(), ...linesOf('/etc/group')].map((line) => Number(line.split(':')[2])),
  )
  return unusedIds.find((id) => !taken.has(id))
}

function mapsAllIds(map) {
  const [first, , length] = (linesOf(`/proc/self/${map}`)[0] ?? '').trim().split(/\s+/).map(Number)
  return first === 0 && length > unusedIds[unusedIds.length - 1]
}

/**
 * The ids of a named account, from /etc/passwd or the machine's directory service.
 * @param {string} name
 * @returns {Account | null}
 */
export function accountNamed(name) {
  const line = passwdLines().find((entry) => entry.startsWith(`${name}:`))
  if (line) {
    const [, , uid, gid] = line.split(':')
    return { uid: Number(uid), gid: Number(gid) }
  }
  try {
    const options = { stdio: ['ignore', 'pipe', 'ignore'], env: bareEnvironment() }
    const id = (flag) => Number(execFileSync('id', [flag, name], options))
    // macOS knows nobody as -2: as an unsigned number that is what setuid takes.
    return { uid: id('-u') >>> 0, gid: id('-g') >>> 0 }
  } catch {
    return null
  }
}

function passwdLines() {
  return linesOf('/etc/passwd')
}

function linesOf(path) {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

/**
 * The owner of the data folder. Its name may be a link that we made; one that another account made could
 * lead root's PostgreSQL anywhere.
 */
function ownerOfData(path) {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found?.isSymbolicLink()) return ownerOf(path)
  if (found.uid === 0) return ownerOf(resolve(dirname(path), readlinkSync(path)))
  throw expectedError(
    `${path} is a link that root did not make.`,
    'Remove it, or choose another folder with INCIPIT_DATA_DIR.',
  )
}

function ownerOf(path, look = lstatSync) {
  const found = look(path, { throwIfNoEntry: false })
  return found ? { uid: found.uid, gid: found.gid } : null
}

/**
 * Does something with the rights of the account, at once and synchronously. Root follows no link and
 * overwrites no file in a folder that another account may change: it is that account meanwhile.
 * @template T
 * @param {Account | null} account
 * @param {() => T} work
 * @returns {T}
 */
export function withRightsOf(account, work) {
  if (!account) return work()
  const groups = process.getgroups()
  process.setgroups([account.gid])
  process.setegid(account.gid)
  process.seteuid(account.uid)
  try {
    return work()
  } finally {
    process.seteuid(0)
    process.setegid(0)
    process.setgroups(groups)
  }
}

/**
 * Whether the account can reach a path: search permission on every folder above it, and on it.
 * @param {string} path an existing path
 * @param {Account | null} account
 */
export function canReach(path, account) {
  if (!account) return true
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

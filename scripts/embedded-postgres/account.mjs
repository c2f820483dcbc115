import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { expectedError } from '../expected-error.mjs'

/**
 * The account that PostgreSQL runs under: `null` means ours. PostgreSQL refuses to run as root, so root
 * takes the owner of an existing data folder, else an unprivileged account of the machine.
 * @typedef {{uid: number, gid: number}} Account
 */

/**
 * @param {string} [existingFolder] a data folder made earlier: its owner goes on using it
 * @returns {Account | null}
 */
export function chooseAccount(existingFolder) {
  if (process.getuid?.() !== 0) return null
  const owner = existingFolder && ownerOf(existingFolder)
  if (owner && owner.uid !== 0) return owner
  const account = accountNamed('nobody') ?? accountNamed('postgres')
  if (account) return account
  throw expectedError(
    'PostgreSQL does not run as root, and this machine has no account "nobody" or "postgres" to run it as.',
    'Start Incipit as another user, or set DATABASE_URL to a PostgreSQL server of yours.',
  )
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
    const id = (flag) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
    // macOS knows nobody as -2: as an unsigned number that is what setuid takes.
    return { uid: id('-u') >>> 0, gid: id('-g') >>> 0 }
  } catch {
    return null
  }
}

function passwdLines() {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n')
  } catch {
    return []
  }
}

function ownerOf(path) {
  try {
    const { uid, gid } = statSync(path)
    return { uid, gid }
  } catch {
    return null
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

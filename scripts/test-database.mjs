import { existsSync, readdirSync, statfsSync } from 'node:fs'
import { installDebianPackage } from './debian-package.mjs'
import { accountNamed } from './embedded-postgres/account.mjs'
import { startThrowawayPostgres } from './embedded-postgres/start.mjs'
import { expectedError } from './expected-error.mjs'

const debianFolder = '/usr/lib/postgresql'

/** Linux keeps what is here in memory. Making and dropping databases by the hundred costs most in a file system. */
const memoryFolder = '/dev/shm'
/** Where less is left, databases stay on the disk: several stages have one each, beside a build and browsers. */
const roomyBytes = 4 * 1024 ** 3

/**
 * Starts a throw-away PostgreSQL on a Unix socket in a folder for temporary files; in memory, where there is much of it
 * and nothing has to be durable.
 * @param {{kind?: 'embedded' | 'debian', durable?: boolean}} [options]
 *   kind: which programs, ours or Debian's package · durable: commits are flushed to disk
 * @returns {Promise<{adminUrl: string, superuserUrl: string, dataFolder: string, restart: () => Promise<boolean>, stop: () => Promise<void>}>}
 *   adminUrl: of a role that is no superuser but may create databases, as the one that migrates is ·
 *   restart: starts it again after it was killed
 */
export async function startTestDatabase({ kind = 'embedded', durable = false } = {}) {
  const programs = kind === 'debian' ? await debianPrograms() : {}
  const { ownerUrl, superuserUrl, dataFolder, restart, stop } = await startThrowawayPostgres({
    ...programs,
    durable,
    ...(!durable && isMemoryRoomy() && { parent: memoryFolder }),
  })
  return { adminUrl: ownerUrl, superuserUrl, dataFolder, restart, stop }
}

/** Whether files of a test run may lie in memory. */
export function isMemoryRoomy() {
  if (process.platform !== 'linux' || !existsSync(memoryFolder)) return false
  const { bavail, bsize } = statfsSync(memoryFolder)
  return Math.min(bavail * bsize, process.availableMemory()) >= roomyBytes
}

/**
 * Debian's PostgreSQL, installed first when it is missing and we are root.
 * @throws an expected error when it is missing and cannot be installed
 */
async function debianPrograms() {
  const major = await findDebianPostgres()
  if (!major) throw expectedError(missingDebian.message, missingDebian.hint)
  const isRoot = process.getuid?.() === 0
  return { bin: `${debianFolder}/${major}/bin`, major, account: isRoot ? accountNamed('postgres') : null }
}

/** What is said where Debian's PostgreSQL is missing and cannot be installed. */
export const missingDebian = {
  message: "Debian's PostgreSQL is not installed, so nothing was tested on it.",
  hint: 'Install it with "apt-get install postgresql", or run the tests as root where apt-get exists.',
}

/**
 * The newest major version of Debian's PostgreSQL here, after trying to install it.
 * @returns {Promise<number | null>}
 */
export async function findDebianPostgres() {
  return newestMajor() ?? (await installDebianPackage('postgresql').then(newestMajor))
}

function newestMajor() {
  if (!existsSync(debianFolder)) return null
  const majors = readdirSync(debianFolder).filter((name) => existsSync(`${debianFolder}/${name}/bin/initdb`))
  return majors.map(Number).sort((a, b) => b - a)[0] ?? null
}

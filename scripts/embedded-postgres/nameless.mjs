import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expectedError } from '../expected-error.mjs'

/**
 * Containers may run under any number, one without a name in /etc/passwd among them. PostgreSQL makes no data folder
 * for such an account and lets nobody in by it; Debian's library nss_wrapper tells it a name.
 */
const lent = 'incipit'

const wrapper = 'libnss_wrapper.so'

/** @returns {string} name of the account of this process; one that is lent when it has none */
export function nameOfUser() {
  return ownName() ?? lent
}

/**
 * What PostgreSQL's environment needs where this account has no name.
 * @param {string} folder where the files with the name are put
 * @returns {Record<string, string>} nothing where it has one
 * @throws an expected error where no name can be lent
 */
export function lentName(folder) {
  if (ownName() !== null) return {}
  if (!hasWrapper()) {
    throw expectedError(
      `The account ${process.getuid?.()} has no name on this machine, and PostgreSQL needs one.`,
      'Add it to /etc/passwd, install the package libnss-wrapper, or set DATABASE_URL to a PostgreSQL server of yours.',
    )
  }
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  const passwd = join(folder, 'passwd')
  const group = join(folder, 'group')
  writeFileSync(passwd, `${lent}:x:${uid}:${gid}::${folder}:/usr/sbin/nologin\n`)
  writeFileSync(group, `${lent}:x:${gid}:\n`)
  return { LD_PRELOAD: wrapper, NSS_WRAPPER_PASSWD: passwd, NSS_WRAPPER_GROUP: group }
}

function ownName() {
  try {
    return userInfo().username
  } catch {
    return null
  }
}

function hasWrapper() {
  const folders = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))
  return folders.some((name) => existsSync(join('/usr/lib', name, wrapper)))
}

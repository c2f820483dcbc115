import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * A lock of the processes on this machine: a file that names its holders. One that ended without letting
 * go, by `kill -9` or a power cut, holds nothing: the next one takes the lock over.
 *
 * @typedef {object} FolderLock
 * @property {(pid: number) => void} shareWith a child that works on when we are killed holds it too
 * @property {() => void} release
 */

/**
 * @param {string} path of the file; its folder exists
 * @param {{onWait: (pid: number) => void, isOver?: () => boolean}} options
 *   onWait: told once when somebody else has it · isOver: asked while waiting; true gives up
 * @returns {Promise<FolderLock | null>} null: given up
 */
export async function takeFolderLock(path, { onWait, isOver = () => false }) {
  for (let waited = false; !isOver(); waited = true) {
    if (create(path, [identity(process.pid)])) return held(path)
    const holders = read(path)
    const alive = holders?.find(isAlive)
    if (holders && !alive) {
      takeAway(path, holders)
      continue
    }
    if (alive && !waited) onWait(alive.pid)
    await pause(200)
  }
  return null
}

/** @returns {FolderLock} */
function held(path) {
  return {
    shareWith(pid) {
      const draft = draftOf(path)
      writeFileSync(draft, JSON.stringify([identity(process.pid), identity(pid)]))
      renameSync(draft, path)
    },
    release: () => rmSync(path, { force: true }),
  }
}

/** A link appears whole or not at all, and never replaces a file that is there. */
function create(path, holders) {
  const draft = draftOf(path)
  writeFileSync(draft, JSON.stringify(holders), { flag: 'wx' })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Another one may have done the same meanwhile and hold it by now: that one gets it back. */
function takeAway(path, holders) {
  const aside = draftOf(path)
  try {
    renameSync(path, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (JSON.stringify(read(aside)) !== JSON.stringify(holders)) {
    try {
      linkSync(aside, path)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
}

function draftOf(path) {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
}

/** @returns {{pid: number, born: string}[] | null} null: it is gone */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return null
    // Cut off by a full disk: it names nobody.
    return []
  }
}

/** Numbers are given again: on Linux the time of birth tells a later process from the one that was meant. */
export function identity(pid) {
  return { pid, born: bornAt(pid) }
}

function bornAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return state === 'Z' ? 'dead' : `${boot} ${rest[18]}`
  } catch {
    return ''
  }
}

/** Whether it is the very process that was meant. */
export function isAlive({ pid, born }) {
  if (bornAt(pid) !== born) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

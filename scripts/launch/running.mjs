import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { identity, isAlive } from './folder-lock.mjs'

/** Where each app that runs from this folder has a file with its process. */
const holders = join(root, '.launch.running')

/**
 * Notes that an app runs from this folder, so that nobody replaces what it is reading.
 * @param {{address: string, build: string | null}} app build: the folder of the build that it reads
 * @param {{folder?: string, pid?: number}} [options]
 * @returns {() => void} ends it
 */
export function noteRunning(app, { folder = holders, pid = process.pid } = {}) {
  const file = join(folder, `${pid}.json`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, JSON.stringify({ ...identity(pid), ...app }))
  } catch {
    // Where nothing can be written, nothing can be replaced either.
  }
  return () => rmSync(file, { force: true })
}

/**
 * Refuses to replace what a running app reads.
 * @param {string} what would be replaced
 * @param {{folder?: string, build?: string}} [options] build: asks those alone that read this one
 * @throws an expected error that names the process, and says what to do
 */
export function refuseWhileRunning(what, { folder = holders, build } = {}) {
  const found = readRunning(folder).find((each) => build === undefined || each.build === build)
  if (!found) return
  throw expectedError(
    `Process ${found.pid} runs Incipit ${found.address} from this folder, and ${what} would be replaced under it.`,
    `Stop it first (Ctrl-C in its terminal, or: kill ${found.pid}), then try again. To prepare a new version while the old one serves, use a second folder.`,
  )
}

/** Those that live; the files of others, which were killed, go. */
function readRunning(folder) {
  return names(folder).flatMap((name) => {
    const file = join(folder, name)
    try {
      const holder = JSON.parse(readFileSync(file, 'utf8'))
      if (isAlive(holder)) return [holder]
    } catch {
      // Cut off by a full disk, or gone meanwhile: it names nobody.
    }
    rmSync(file, { force: true })
    return []
  })
}

function names(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

import { readFileSync } from 'node:fs'
import path from 'node:path'

const HASH = /^[0-9a-f]{40,64}$/
const SHOWN = 12

/**
 * The first characters of the commit that a clone stands at, without asking git.
 * @param root the project's folder
 * @returns null where it is no clone
 */
export function readCommit(root: string): string | null {
  try {
    const folder = gitFolder(root)
    const head = read(folder, 'HEAD')
    const name = head.startsWith('ref: ') ? head.slice(5) : undefined
    const hash = name === undefined ? head : hashOf(commonFolder(folder), name)
    return hash !== undefined && HASH.test(hash) ? hash.slice(0, SHOWN) : null
  } catch {
    return null
  }
}

/** In a second working tree `.git` is a file that names the folder. */
function gitFolder(root: string): string {
  const at = path.join(/* turbopackIgnore: true */ root, '.git')
  try {
    const pointer = readFileSync(/* turbopackIgnore: true */ at, 'utf8').trim()
    return path.resolve(root, pointer.replace(/^gitdir: /, ''))
  } catch {
    return at
  }
}

function commonFolder(folder: string): string {
  try {
    return path.resolve(folder, read(folder, 'commondir'))
  } catch {
    return folder
  }
}

function hashOf(folder: string, name: string): string | undefined {
  try {
    return read(folder, name)
  } catch {
    const line = read(folder, 'packed-refs')
      .split('\n')
      .find((each) => each.endsWith(` ${name}`))
    return line?.split(' ')[0]
  }
}

function read(folder: string, name: string): string {
  return readFileSync(/* turbopackIgnore: true */ path.join(folder, name), 'utf8').trim()
}

import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'

const NAME = 'secret'
const BYTES = 32

/**
 * The secret that this installation made for itself, from the file `secret` of its data folder; made at
 * the first call, readable by its owner alone. Processes that make it at the same time end up with one.
 * @throws Error that names the file when it cannot be read or made
 */
export function readOrMakeSecret(folder: string): string {
  const file = fileIn(folder)
  const found = read(file)
  if (found !== undefined) return found
  mkdirSync(folder, { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    write(draft, `${randomBytes(BYTES).toString('base64url')}\n`)
    // A link appears whole or not at all, and never replaces a file that is there.
    linkSync(draft, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const made = read(file)
  if (made === undefined) throw new Error(`The secret ${file} was made and is gone again.`)
  return made
}

/**
 * The same, where it was made before.
 * @throws Error that names the file when it cannot be read
 */
export function findSecret(folder: string): string | undefined {
  return read(fileIn(folder))
}

function fileIn(folder: string): string {
  return path.join(/* turbopackIgnore: true */ folder, NAME)
}

function read(file: string): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    if (secret.length < BYTES)
      throw new Error(
        `The secret ${file} is damaged. Restore it from a backup, or remove it and enter every stored key again.`,
      )
    return secret
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function write(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { incipitError } from '../http/problem.ts'
import { isSlug } from './names.ts'
import { replaceFile } from './replace-file.ts'

export const LOCK_FILE = 'incipit.lock'
const LOCK_VERSION = 1

/** What was on the server when a file was last the same here and there. */
export interface LockedPrompt {
  /** Within the folder, with `/`. */
  file: string
  version: number
  checksum: string
  /** Of the text of the file, with LF. */
  sha256: string
  category?: string
  tags?: string[]
  aliases?: string[]
}

export interface Lock {
  /** Address that the files belong to; empty: none yet. */
  url: string
  /** The label that was pulled. */
  label: string
  prompts: Map<string, LockedPrompt>
}

/**
 * Reads the lock file of a folder; undefined: there is none.
 * @throws IncipitError for one that cannot be read
 */
export async function readLock(folder: string): Promise<Lock | undefined> {
  const place = path.join(folder, LOCK_FILE)
  let text: string
  try {
    text = await readFile(place, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  if (/^(?:<{7}|>{7}) /m.test(text))
    throw broken(place, 'git left conflict markers in it: take one side, and pull')
  try {
    return lockOf(JSON.parse(text), place)
  } catch (error) {
    if (error instanceof SyntaxError) throw broken(place, 'it is no JSON')
    throw error
  }
}

function lockOf(value: unknown, place: string): Lock {
  if (!isRecord(value) || !isRecord(value['prompts'])) throw broken(place, 'it has no "prompts"')
  const { lock_version: version, url, label, prompts } = value
  if (version !== LOCK_VERSION)
    throw broken(place, `it is of form ${String(version)}, and this version of incipit reads ${LOCK_VERSION}`)
  const entries = Object.entries(prompts).map(([name, entry]) => {
    if (!isSlug(name) || !isLocked(entry)) throw broken(place, `what it says of "${name}" is not complete`)
    return [name, entry] as const
  })
  return {
    url: typeof url === 'string' ? url : '',
    label: typeof label === 'string' ? label : 'latest',
    prompts: new Map(entries),
  }
}

function isLocked(entry: unknown): entry is LockedPrompt {
  return (
    isRecord(entry) &&
    typeof entry['file'] === 'string' &&
    typeof entry['version'] === 'number' &&
    typeof entry['checksum'] === 'string' &&
    typeof entry['sha256'] === 'string'
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(place: string, reason: string) {
  return incipitError('invalid_input', `${place} cannot be read: ${reason}.`)
}

/** Writes the lock file, by name, so that two people's changes merge. */
export async function writeLock(folder: string, { url, label, prompts }: Lock): Promise<void> {
  const sorted = [...prompts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify(
    { lock_version: LOCK_VERSION, url, label, prompts: Object.fromEntries(sorted) },
    null,
    2,
  )
  await replaceFile(path.join(folder, LOCK_FILE), `${text}\n`)
}

/** A hash of a text that git may have given other line ends. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n'), 'utf8').digest('hex')
}

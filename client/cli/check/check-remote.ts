import type { Variable } from '#lib/liquid/variable.ts'
import { versionChecksum } from '#lib/prompts/content/checksum.ts'
import { breaksCaller, contractChanges } from '#lib/prompts/impact/contract-changes.ts'
import type { FileVersion } from '../../files/file-version.ts'
import type { LocalFile } from '../../files/folder.ts'
import { hashOf, type Lock } from '../../files/lock.ts'
import { isIncipitError } from '../../http/problem.ts'
import type { ListedPrompt, Registry } from '../../registry/registry.ts'
import { isSameShelf, shelfOf } from '../../sync/state.ts'
import type { Finding } from './finding.ts'

/** A file that could be read, with what it makes. */
export interface ReadFile {
  local: LocalFile
  name: string
  version: FileVersion
  shown: string
}

/**
 * Whom a file would refuse that the label's version takes. Where the key may see usage, callers are named.
 * @returns nothing for a prompt that does not have the label
 */
export async function checkContract(registry: Registry, file: ReadFile, label: string): Promise<Finding[]> {
  const before = await variablesAt(registry, file.name, label)
  if (before === undefined) return []
  const changes = contractChanges(before, file.version.variables)
  if (changes.length === 0) return []
  const callers = await callersOf(registry, file.name, label)
  return changes.map((change) => {
    const broken = callers.filter(({ variables }) => breaksCaller(change, new Set(variables)))
    const who = broken.slice(0, 3).map(({ name, uses }) => `${name} (${uses} uses)`)
    const rest = broken.length > who.length ? ` and ${broken.length - who.length} more` : ''
    const refused = who.length === 0 ? '' : `, which refuses ${who.join(', ')}${rest}`
    return {
      rule: 'contract' as const,
      level: 'error' as const,
      message: `Against ${label}: ${change.message}${refused}`,
      file: file.shown,
      line: lineOf(file.local.text, change.variable),
    }
  })
}

async function variablesAt(registry: Registry, name: string, label: string): Promise<Variable[] | undefined> {
  try {
    return (await registry.prompt(name, { label })).variables
  } catch (error) {
    if (isIncipitError(error) && error.code === 'not_found') return undefined
    throw error
  }
}

/** Who uses the label; nobody where this key may not know. */
async function callersOf(registry: Registry, name: string, label: string) {
  try {
    return await registry.callers(name, label)
  } catch (error) {
    if (isIncipitError(error) && (error.status === 403 || error.status === 404)) return []
    throw error
  }
}

/** Where the variable is declared, else where declarations begin, else the top. */
function lineOf(text: string, variable: string): number {
  const lines = text.split('\n')
  const own = lines.findIndex((line) => line.trim().replace(/^- /, '') === `name: ${variable}`)
  const list = lines.findIndex((line) => line.startsWith('variables:'))
  return Math.max(1, (own === -1 ? list : own) + 1)
}

/** What of the lock can be said without the instance: files that are not there, and checksums of others. */
export function checkLock(
  lock: Lock,
  files: readonly LocalFile[],
  read: readonly ReadFile[],
  shownLock: string,
): Finding[] {
  return [...missingFiles(lock, files, shownLock), ...wrongChecksums(lock, read, shownLock)]
}

/** Of files that are as they were pulled; what includes others holds numbers that only the instance knows. */
function wrongChecksums(lock: Lock, read: readonly ReadFile[], file: string): Finding[] {
  return read.flatMap(({ local, name, version }): Finding[] => {
    const locked = lock.prompts.get(name)
    const isPulled = locked !== undefined && locked.sha256 === hashOf(local.text)
    if (!isPulled || version.analysis.includes.length > 0) return []
    if (versionChecksum({ ...version, includes: new Map() }) === locked.checksum) return []
    const message = `The checksum of "${name}" is not that of its file: pull writes it anew`
    return [{ rule: 'lock', level: 'error', message, file }]
  })
}

function missingFiles(lock: Lock, files: readonly LocalFile[], shownLock: string): Finding[] {
  const there = new Set(files.map(({ file }) => file))
  return [...lock.prompts].flatMap(([name, locked]) =>
    there.has(locked.file)
      ? []
      : [
          {
            rule: 'lock' as const,
            level: 'error' as const,
            message: `${locked.file}, the file of "${name}", is not there: pull brings it back`,
            file: shownLock,
          },
        ],
  )
}

/** What the instance says of the lock: versions that are others than it says, and newer ones. */
export function checkDrift(
  lock: Lock,
  listed: readonly ListedPrompt[],
  files: readonly ReadFile[],
  shownLock: string,
): Finding[] {
  const remote = new Map(listed.map((each) => [each.name, each]))
  const changed = new Set(
    files
      .filter(({ local, name }) => lock.prompts.get(name)?.sha256 !== hashOf(local.text))
      .map(({ name }) => name),
  )
  return [...lock.prompts].flatMap(([name, locked]): Finding[] => {
    const there = remote.get(name)
    if (there === undefined)
      return [
        { rule: 'drift', level: 'warning', message: `"${name}" is on the instance no more`, file: shownLock },
      ]
    if (there.latest_version < locked.version) {
      const message = `"${name}" is at version ${there.latest_version} there, and the lock says ${locked.version}: it is another instance's`
      return [{ rule: 'lock', level: 'error', message, file: shownLock }]
    }
    const isCurrent = there.latest_version === locked.version && isSameShelf(shelfOf(locked), shelfOf(there))
    if (isCurrent) return []
    const what = `"${name}" has moved on to version ${there.latest_version} since version ${locked.version} was pulled`
    // A push of it would be refused.
    const level = changed.has(name) ? 'error' : 'warning'
    return [{ rule: 'drift', level, message: what, file: shownLock }]
  })
}

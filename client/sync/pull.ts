import { writePromptFile } from '#lib/transfer/file/write-prompt-file.ts'
import { type LocalFile, type PromptFolder, readLocal } from '../files/folder.ts'
import { hashOf, type Lock, type LockedPrompt } from '../files/lock.ts'
import { type Merged, mergeTexts } from '../files/merge-texts.ts'
import { isSlug } from '../files/names.ts'
import { incipitError } from '../http/problem.ts'
import type { WirePrompt } from '../prompts/wire.ts'
import { inTurns } from '../registry/in-turns.ts'
import type { ListedPrompt, ListFilter, Registry } from '../registry/registry.ts'
import { baseText, isSameShelf, lockedAs, numberOf, placeOf, remoteText, shelfOf } from './state.ts'

/**
 * `changed here`: the server has nothing new, and the file waits to be pushed. `merged`: both had something new.
 * `in the way`: a file stands there that nobody pulled. `gone here`: it left the server, and is kept for its changes.
 */
export type PullAction =
  | 'added'
  | 'updated'
  | 'unchanged'
  | 'changed here'
  | 'merged'
  | 'conflict'
  | 'in the way'
  | 'removed'
  | 'gone'

export interface PullItem {
  name: string
  action: PullAction
  file: string
  version?: number
  message?: string
}

export interface PullOptions {
  label: string
  /** Only these; empty: all. */
  names: readonly string[]
  category: string | undefined
  dryRun: boolean
  /** Takes what the server has in place of what stands here. */
  force: boolean
}

const AT_ONCE = 8

interface Pulling {
  registry: Registry
  folder: PromptFolder
  lock: Lock
  locals: ReadonlyMap<string, LocalFile>
  options: PullOptions
}

/** Brings a folder to what a label names on the server. The lock is changed with it; the caller writes it. */
export async function pull(
  registry: Registry,
  folder: PromptFolder,
  lock: Lock,
  options: PullOptions,
): Promise<PullItem[]> {
  const locals = new Map((await folder.read(lock)).map((each) => [each.file, each]))
  const pulling: Pulling = { registry, folder, lock, locals, options }
  const filter: ListFilter = { category: options.category, label: options.label }
  const listed = await registry.list(filter)
  const wanted = chosen(listed, options.names)
  const items = await inTurns(wanted, AT_ONCE, (each) => pullOne(pulling, each))
  const isWhole = options.names.length === 0 && options.category === undefined
  if (!isWhole) return items
  const known = new Set(listed.map(({ name }) => name))
  const gone = [...lock.prompts].filter(([name]) => !known.has(name))
  return [...items, ...(await inTurns(gone, AT_ONCE, ([name, locked]) => removeOne(pulling, name, locked)))]
}

function chosen(listed: readonly ListedPrompt[], names: readonly string[]): readonly ListedPrompt[] {
  if (names.length === 0) return listed
  return names.map((name) => {
    const found = listed.find((each) => each.name === name || each.aliases.includes(name))
    if (found === undefined) throw incipitError('not_found', `There is no prompt "${name}" to be pulled.`)
    return found
  })
}

async function pullOne(pulling: Pulling, listed: ListedPrompt): Promise<PullItem> {
  const { lock, locals, registry, options } = pulling
  const { name } = listed
  if (!isSlug(name))
    throw incipitError(
      'unexpected_answer',
      `"${name}" cannot be the name of a file: nothing was written of it.`,
    )
  const locked = lock.prompts.get(name)
  const number = numberOf(listed, options.label)
  const isNew =
    locked === undefined || number !== locked.version || !isSameShelf(shelfOf(locked), shelfOf(listed))
  const local = locked && locals.get(locked.file)
  if (!isNew && local !== undefined && !options.force) {
    const isSame = hashOf(local.text) === locked.sha256
    return { name, action: isSame ? 'unchanged' : 'changed here', file: locked.file, version: locked.version }
  }
  const wire = await registry.prompt(name, { label: options.label })
  return bring(pulling, wire)
}

/** Writes what the server has, as far as nothing of here is lost. */
async function bring(pulling: Pulling, wire: WirePrompt): Promise<PullItem> {
  const { folder, lock, options } = pulling
  const { name, version } = wire
  const locked = lock.prompts.get(name)
  const file = placeOf(wire, lock)
  const theirs = remoteText(wire)
  const ours = locked === undefined ? await folder.text(file) : await folder.text(locked.file)
  const isFree = ours === undefined || options.force || ours === theirs || hashOf(ours) === locked?.sha256
  if (isFree) {
    const action =
      locked === undefined ? 'added' : ours === theirs && locked.file === file ? 'unchanged' : 'updated'
    await settle(pulling, wire, { file, theirs, text: theirs })
    return { name, action, file, version }
  }
  if (locked === undefined) {
    const message =
      'a file stands there that was not pulled; --force takes the one of the server in its place'
    return { name, action: 'in the way', file, version, message }
  }
  const base = await baseText(pulling.registry, name, locked)
  const names = { ours: `ours (${locked.file})`, theirs: `theirs (${name}, version ${version})` }
  const { text, conflicts } = mergeBest(base, ours, theirs, names)
  await settle(pulling, wire, { file, theirs, text })
  if (conflicts === 0) return { name, action: 'merged', file, version }
  const places = conflicts === 1 ? 'one place' : `${conflicts} places`
  return { name, action: 'conflict', file, version, message: `in ${places}: choose, then push` }
}

/** A file that was written by hand may say the same in another form: then that is no conflict. */
function mergeBest(...[base, ours, theirs, names]: Parameters<typeof mergeTexts>): Merged {
  const merged = mergeTexts(base, ours, theirs, names)
  if (merged.conflicts === 0) return merged
  const { prompt } = readLocal('', ours)
  if (prompt === undefined) return merged
  const inForm = mergeTexts(base, writePromptFile(prompt), theirs, names)
  return inForm.conflicts < merged.conflicts ? inForm : merged
}

/** @param texts the server's, of which the lock tells, and the one that stands here afterwards */
async function settle(
  { folder, lock, options }: Pulling,
  wire: WirePrompt,
  { file, theirs, text }: { file: string; theirs: string; text: string },
): Promise<void> {
  if (options.dryRun) return
  const before = lock.prompts.get(wire.name)?.file
  const standing = await folder.text(file)
  if (
    before !== undefined &&
    before !== file &&
    standing !== undefined &&
    standing !== text &&
    !options.force
  )
    throw incipitError(
      'conflict',
      `${file} is in the way of "${wire.name}", which moved there: move it first.`,
    )
  if (standing !== text) await folder.write(file, text)
  if (before !== undefined && before !== file) await folder.remove(before)
  lock.prompts.set(wire.name, lockedAs(wire, theirs, file))
}

async function removeOne(
  { folder, lock, options }: Pulling,
  name: string,
  locked: LockedPrompt,
): Promise<PullItem> {
  const text = await folder.text(locked.file)
  const isOurs = text !== undefined && hashOf(text) !== locked.sha256
  if (isOurs && !options.force) {
    const message = `it is on the server no more under ${options.label}, and the file has changes of yours`
    return { name, action: 'gone', file: locked.file, message }
  }
  if (!options.dryRun) {
    await folder.remove(locked.file)
    lock.prompts.delete(name)
  }
  return { name, action: 'removed', file: locked.file }
}

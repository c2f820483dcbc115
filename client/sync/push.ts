import { isAppError } from '#lib/errors.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import { analyse, inferVariables } from '#lib/prompts/template.ts'
import type { PromptFile } from '#lib/transfer/file/prompt-file.ts'
import { fileContent, fileVersion } from '../files/file-version.ts'
import type { LocalFile } from '../files/folder.ts'
import { hashOf, type Lock } from '../files/lock.ts'
import { unifiedDiff } from '../files/merge-texts.ts'
import { incipitError } from '../http/problem.ts'
import type { WirePrompt } from '../prompts/wire.ts'
import { inTurns } from '../registry/in-turns.ts'
import type { Registry, VersionBody } from '../registry/registry.ts'
import { breakingWords } from './breaking.ts'
import { byIncludes } from './by-includes.ts'
import { baseText, isSameShelf, lockedAs, newest, remoteText, shelfOf } from './state.ts'

/**
 * `drift`: the server has moved on since the pull, and nothing is pushed. `moved`: only category, tags or aliases
 * changed. `labelled`: only labels moved. `breaking`: a label would refuse callers then, and nothing is pushed.
 */
export type PushAction =
  | 'created'
  | 'version'
  | 'moved'
  | 'labelled'
  | 'unchanged'
  | 'drift'
  | 'unreadable'
  | 'breaking'

/** Whether it keeps everything from being pushed. */
export function isRefused({ action }: Pick<PushItem, 'action'>): boolean {
  return action === 'drift' || action === 'unreadable' || action === 'breaking'
}

export interface PushItem {
  name: string
  action: PushAction
  file: string
  version?: number
  message?: string
  /** What changed on the server since. */
  diff?: string[]
}

export interface PushOptions {
  names: readonly string[]
  dryRun: boolean
  message: string | undefined
  /** Labels that new versions get. */
  labels: readonly string[]
  acceptBreaking: boolean
  createCategories: boolean
}

interface Change {
  local: LocalFile
  prompt: PromptFile
  /** As it is on the server; undefined: it is not there yet. */
  wire: WirePrompt | undefined
  drift: string[] | undefined
}

const AT_ONCE = 8

/**
 * Makes versions of the files that changed since they were pulled. When the server has moved on for one of them, or one
 * cannot be read, or a label that moves with it would refuse callers, nothing is pushed. The lock is changed with it;
 * the caller writes it, after a failure too.
 */
export async function push(
  registry: Registry,
  files: readonly LocalFile[],
  lock: Lock,
  options: PushOptions,
  onItem: (item: PushItem) => void,
): Promise<void> {
  assertThere(files, lock, options.names)
  const changed = changedFiles(files, lock, options.names)
  const unreadable = changed.filter(({ prompt }) => prompt === undefined)
  const changes = await inTurns(
    changed.flatMap((local) => (local.prompt === undefined ? [] : [{ local, prompt: local.prompt }])),
    AT_ONCE,
    (each) => lookAt(registry, lock, each),
  )
  const drifted = changes.filter(({ drift }) => drift !== undefined)
  for (const { file, problem } of unreadable)
    onItem({ name: file, file, action: 'unreadable', message: `line ${problem?.line}: ${problem?.message}` })
  for (const { local, prompt, wire, drift = [] } of drifted) {
    const message = `the server has version ${wire?.version}, which was not pulled: pull, then push`
    onItem({ name: prompt.name, file: local.file, action: 'drift', message, diff: drift })
  }
  if (unreadable.length + drifted.length > 0) return
  const breaking = await breakingItems(registry, changes, options)
  for (const item of breaking) onItem(item)
  if (breaking.length > 0) return
  const ready = byIncludes(changes, ({ prompt }) => prompt)
  if (options.createCategories && !options.dryRun) await createCategories(registry, ready)
  for (const change of ready) onItem(await pushOne(registry, change, lock, options))
}

/** Changes whose labels would refuse callers, unless that is meant. */
async function breakingItems(
  registry: Registry,
  changes: readonly Change[],
  options: PushOptions,
): Promise<PushItem[]> {
  if (options.acceptBreaking) return []
  const items = await inTurns(changes, AT_ONCE, async (change): Promise<PushItem[]> => {
    const { local, prompt, wire } = change
    if (wire === undefined) return []
    const labels = labelsFor(prompt, options)
    const { needsVersion } = whatToDo(change, labels)
    const moved = wire.labels.filter(({ label, version }) => {
      return labels.includes(label) && (needsVersion || version !== wire.version)
    })
    if (moved.length === 0) return []
    const names = moved.map(({ label }) => label)
    const message = await breakingWords(registry, prompt.name, variablesOf(prompt), names)
    return message === undefined ? [] : [{ name: prompt.name, file: local.file, action: 'breaking', message }]
  })
  return items.flat()
}

/** What of a file cannot be declared is refused by the server, with its reason. */
function variablesOf(prompt: PromptFile): Variable[] {
  try {
    return fileVersion(prompt).variables
  } catch (error) {
    if (isAppError(error)) return []
    throw error
  }
}

/** @throws IncipitError for a name that no file has: a slip must not look as if it were pushed */
function assertThere(files: readonly LocalFile[], lock: Lock, names: readonly string[]): void {
  const pulled = new Map([...lock.prompts].map(([name, { file }]) => [file, name]))
  const there = new Set(files.map(({ file, prompt }) => prompt?.name ?? pulled.get(file)))
  for (const name of names)
    if (!there.has(name)) throw incipitError('not_found', `There is no file of a prompt "${name}" here.`)
}

function changedFiles(files: readonly LocalFile[], lock: Lock, names: readonly string[]): LocalFile[] {
  const pulled = new Map([...lock.prompts].map(([name, locked]) => [locked.file, { name, ...locked }]))
  const seen = new Map<string, string>()
  return files.filter((local) => {
    const { file, text, prompt } = local
    const name = prompt?.name ?? pulled.get(file)?.name
    if (names.length > 0 && (name === undefined || !names.includes(name))) return false
    if (name !== undefined) {
      const other = seen.get(name)
      if (other !== undefined)
        throw incipitError(
          'invalid_input',
          `Both ${other} and ${file} are the prompt "${name}": one has to go.`,
        )
      seen.set(name, file)
    }
    return name === undefined || lock.prompts.get(name)?.sha256 !== hashOf(text)
  })
}

/** Compares a file with the server. What somebody pushed already, as it stands here, is no drift. */
async function lookAt(
  registry: Registry,
  lock: Lock,
  { local, prompt }: { local: LocalFile; prompt: PromptFile },
): Promise<Change> {
  const wire = await newest(registry, prompt.name)
  const locked = lock.prompts.get(prompt.name)
  if (wire === undefined) return { local, prompt, wire, drift: undefined }
  const theirs = remoteText(wire)
  const isSame = isSameVersion(prompt, wire) && isSameShelf(shelfOf(prompt), shelfOf(wire))
  const isKnown = locked?.version === wire.version && isSameShelf(shelfOf(locked), shelfOf(wire))
  if (isSame || isKnown) return { local, prompt, wire, drift: undefined }
  const before = locked === undefined ? local.text : await baseText(registry, prompt.name, locked)
  const names = {
    before: locked === undefined ? local.file : `${prompt.name}, version ${locked.version}`,
    after: `${prompt.name}, version ${wire.version} on the server`,
  }
  return { local, prompt, wire, drift: unifiedDiff(before, theirs, names) }
}

/** What of a file makes a version, as it is sent: all of it, so that nothing stays from before. */
export function versionBody(prompt: PromptFile): VersionBody {
  const { title = '', description = '', config = {}, publish } = prompt
  const content = fileContent(prompt)
  const { kind: _, format = 'liquid', ...texts } = content
  return {
    ...texts,
    format,
    variables: prompt.variables ?? inferVariables(analyse(content)),
    config,
    title,
    description,
    publish: { prompt: true, tool: false, skill: false, ...publish },
    ...(prompt.message !== undefined && { message: prompt.message }),
  }
}

/** Whether a new version would say what the server's says. */
function isSameVersion(prompt: PromptFile, wire: WirePrompt): boolean {
  // The form of a file is one for all that mean the same.
  const mine = { ...wire, ...bodyAsWire(prompt) }
  return remoteText(mine) === remoteText(wire)
}

function bodyAsWire(prompt: PromptFile): object {
  const { message: _, ...body } = versionBody(prompt)
  const kind = prompt.messages === undefined ? 'text' : 'chat'
  return { kind, template_content: undefined, messages: undefined, ...body }
}

async function pushOne(
  registry: Registry,
  change: Change,
  lock: Lock,
  options: PushOptions,
): Promise<PushItem> {
  const { local, prompt, wire } = change
  const { file } = local
  const { name } = prompt
  const shelf = shelfOf(prompt)
  const labels = labelsFor(prompt, options)
  const { needsVersion, needsMove, action } = whatToDo(change, labels)
  if (options.dryRun) return { name, action, file, version: (wire?.version ?? 0) + (needsVersion ? 1 : 0) }
  let now = wire
  const { message = prompt.message, acceptBreaking } = options
  const body = { ...versionBody(prompt), ...(message !== undefined && { message }) }
  if (now === undefined) now = await registry.createPrompt({ ...body, name, ...shelf })
  else if (needsVersion)
    now = await registry.createVersion(name, now.etag, {
      ...body,
      ...(labels.length > 0 && { labels }),
      ...(acceptBreaking && { accept_breaking: true }),
    })
  if (needsMove) await registry.patch(name, now.etag, shelf)
  // A new prompt has no labels but `production`; an earlier push may have ended before it moved them.
  if (!(needsVersion && wire !== undefined)) await moveLabels(registry, now, labels, options)
  lock.prompts.set(name, lockedAs({ ...now, ...shelf }, local.text, file))
  return { name, action, file, version: now.version }
}

function whatToDo({ prompt, wire }: Change, labels: readonly string[]) {
  if (wire === undefined) return { needsVersion: true, needsMove: false, action: 'created' as const }
  const needsVersion = !isSameVersion(prompt, wire)
  const needsMove = !isSameShelf(shelfOf(prompt), shelfOf(wire))
  const rest = elsewhere(wire, labels).length > 0 ? ('labelled' as const) : ('unchanged' as const)
  const action = needsVersion ? ('version' as const) : needsMove ? ('moved' as const) : rest
  return { needsVersion, needsMove, action }
}

/** Those of the labels that do not name the version. */
function elsewhere({ labels: there, version }: WirePrompt, labels: readonly string[]): string[] {
  return labels.filter((label) => !there.some((each) => each.label === label && each.version === version))
}

async function moveLabels(
  registry: Registry,
  { name, version }: WirePrompt,
  labels: readonly string[],
  { acceptBreaking }: PushOptions,
): Promise<void> {
  for (const label of labels) {
    const now = await registry.prompt(name, { label: 'latest' })
    if (elsewhere({ ...now, version }, [label]).length > 0)
      await registry.setLabel(name, label, version, now.etag, acceptBreaking)
  }
}

/** The labels of the file, and those of the command line. */
function labelsFor(prompt: PromptFile, { labels }: PushOptions): string[] {
  return [...new Set([...(prompt.labels ?? []), ...labels])]
}

async function createCategories(registry: Registry, changes: readonly Change[]): Promise<void> {
  const known = new Set((await registry.categories()).map(({ slug }) => slug))
  const wanted = new Set(changes.flatMap(({ prompt }) => prompt.category ?? []))
  for (const slug of wanted) if (!known.has(slug)) await registry.createCategory({ slug, name: titled(slug) })
}

/** `data_models` becomes "Data models". */
function titled(slug: string): string {
  const words = slug.replaceAll(/[-_]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

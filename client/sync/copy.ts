import { createHash } from 'node:crypto'
import { writePromptFile } from '#lib/transfer/file/write-prompt-file.ts'
import { fileOf } from '../files/file-version.ts'
import { isIncipitError } from '../http/problem.ts'
import type { WireInclude, WirePrompt, WireVersion } from '../prompts/wire.ts'
import { inTurns } from '../registry/in-turns.ts'
import type { ListFilter, Registry } from '../registry/registry.ts'
import { breakingWords } from './breaking.ts'
import { byIncludes } from './by-includes.ts'
import { includedNow } from './included.ts'
import { versionBody } from './push.ts'
import { isSameShelf, newest, shelfOf } from './state.ts'

export type CopyAction = 'created' | 'version' | 'moved' | 'unchanged' | 'refused'

export interface CopyItem {
  name: string
  action: CopyAction
  version?: number
  message?: string
}

export interface CopyOptions {
  /** Label of the source that says which versions. */
  label: string
  filter: ListFilter
  names: readonly string[]
  /** Label that the copies get. */
  setLabel: string | undefined
  acceptBreaking: boolean
  message: string | undefined
  dryRun: boolean
}

const AT_ONCE = 8

/**
 * Makes what one instance has under a label the newest version of another. What is like that already makes nothing, so
 * that a copy can be done again. A prompt that was archived there is told of, and stays.
 */
export async function copy(
  from: Registry,
  to: Registry,
  options: CopyOptions,
  onItem: (item: CopyItem) => void,
): Promise<void> {
  const { label, filter, names } = options
  const listed = await from.list({ ...filter, label })
  const wanted = listed.filter(({ name }) => names.length === 0 || names.includes(name))
  for (const name of names)
    if (!wanted.some((each) => each.name === name))
      onItem({ name, action: 'refused', message: `${from.url} has none with the label ${label}` })
  const wires = await inTurns(wanted, AT_ONCE, ({ name }) => from.prompt(name, { label }))
  if (!options.dryRun) await copyCategories(from, to, wires)
  const prints = { from: new Prints(from), to: new Prints(to) }
  for (const wire of byIncludes(wires, (each) => fileOf(each)))
    onItem(await copyOne({ to, prints, options }, wire).catch((error: unknown) => refused(wire.name, error)))
}

interface Copying {
  to: Registry
  prints: { from: Prints; to: Prints }
  options: CopyOptions
}

async function copyOne({ to, prints, options }: Copying, wire: WirePrompt): Promise<CopyItem> {
  const { name } = wire
  const there = await newest(to, name)
  const pinned = wire.includes.find(({ ref }) => ref.includes('@'))
  if (pinned !== undefined && !(await hasSame(prints, pinned)))
    return {
      name,
      action: 'refused',
      message: `it includes "${pinned.ref}" by its number, which is another text there`,
    }
  const isSame = there !== undefined && (await isLike({ to, prints, options }, wire, there))
  const isMoved = there !== undefined && !isSameShelf(shelfOf(wire), shelfOf(there))
  const action: CopyAction =
    there === undefined ? 'created' : isSame ? (isMoved ? 'moved' : 'unchanged') : 'version'
  const breaking = there && (await breakingOfMove(to, there, wire, { ...options, isSame }))
  if (breaking !== undefined) return { name, action: 'refused', message: breaking }
  if (options.dryRun) return { name, action }
  let now = there
  const body = bodyOf(wire, options)
  if (now === undefined) now = await to.createPrompt({ ...body, name, ...shelfOf(wire) })
  else if (!isSame) now = await to.createVersion(name, now.etag, body)
  if (isMoved) await to.patch(name, now.etag, shelfOf(wire))
  await label(to, now, options)
  return { name, action, version: now.version }
}

/** Whether a new version would say what is there: as the source's, or with the parts that would be pinned anew. */
async function isLike({ to, prints }: Copying, wire: WirePrompt, there: WirePrompt): Promise<boolean> {
  if ((await prints.from.of(wire)) === (await prints.to.of(there))) return true
  if (ownText(wire) !== ownText(there)) return false
  const isPinnedAnew = there.includes.map(
    // What is included by its number was compared before.
    async ({ ref, name, version }) => ref.includes('@') || (await includedNow(to, name))?.version === version,
  )
  return (await Promise.all(isPinnedAnew)).every(Boolean)
}

function bodyOf(wire: WirePrompt, { message }: CopyOptions) {
  const body = versionBody(fileOf(wire))
  return { ...body, ...((message ?? wire.message) !== '' && { message: message ?? wire.message }) }
}

async function label(to: Registry, { name, version }: WirePrompt, options: CopyOptions): Promise<void> {
  const { setLabel, acceptBreaking } = options
  if (setLabel === undefined) return
  const now = await to.prompt(name, { label: 'latest' })
  if (now.labels.some((each) => each.label === setLabel && each.version === version)) return
  await to.setLabel(name, setLabel, version, now.etag, acceptBreaking)
}

/** Whom the label would refuse that moves to the copy, unless that is meant. */
async function breakingOfMove(
  to: Registry,
  there: WirePrompt,
  wire: WirePrompt,
  { setLabel, acceptBreaking, isSame }: CopyOptions & { isSame: boolean },
): Promise<string | undefined> {
  if (setLabel === undefined || acceptBreaking) return undefined
  const moved = there.labels.filter(
    ({ label, version }) => label === setLabel && !(isSame && version === there.version),
  )
  const names = moved.map((each) => each.label)
  return breakingWords(to, wire.name, wire.variables, names)
}

async function hasSame({ from, to }: Copying['prints'], include: WireInclude): Promise<boolean> {
  try {
    return (await from.at(include)) === (await to.at(include))
  } catch (error) {
    if (isIncipitError(error) && error.code === 'not_found') return false
    throw error
  }
}

/**
 * What a version says, as one text, with what it includes. Checksums hold the numbers of included versions, which
 * differ from one instance to another; this does not.
 */
class Prints {
  readonly #registry: Registry
  readonly #known = new Map<string, Promise<string>>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  at({ name, version }: { name: string; version: number }): Promise<string> {
    const key = `${name}@${version}`
    const found = this.#known.get(key) ?? this.#registry.version(name, version).then((wire) => this.of(wire))
    this.#known.set(key, found)
    return found
  }

  async of(wire: WireVersion): Promise<string> {
    const text = ownText(wire)
    const includes = await Promise.all(
      wire.includes
        .toSorted((a, b) => (a.ref < b.ref ? -1 : 1))
        .map(async (include) => [include.ref, include.name, await this.at(include)]),
    )
    return createHash('sha256')
      .update(JSON.stringify([text, includes]))
      .digest('hex')
  }
}

/** What a version says by itself. */
function ownText(wire: WireVersion): string {
  return writePromptFile(fileOf({ ...wire, ...shelfOf({}) }))
}

async function copyCategories(from: Registry, to: Registry, wires: readonly WirePrompt[]): Promise<void> {
  const wanted = new Set(wires.flatMap(({ category }) => category ?? []))
  if (wanted.size === 0) return
  const [theirs, there] = await Promise.all([from.categories(), to.categories()])
  const known = new Set(there.map(({ slug }) => slug))
  for (const { slug, name, description, color } of theirs)
    if (wanted.has(slug) && !known.has(slug)) await to.createCategory({ slug, name, description, color })
}

/** What an instance refuses of one prompt keeps no other back; when it is away, nothing goes on. */
function refused(name: string, error: unknown): CopyItem {
  const isOfOne =
    isIncipitError(error) &&
    (error.code === 'conflict' || [403, 404, 409, 412, 413, 422].includes(error.status ?? 0))
  if (!isOfOne) throw error
  const [detail] = error.details
  const message = detail === undefined ? error.message : `${error.message} ${detail.message}`
  return { name, action: 'refused', message }
}

import { writePromptFile } from '#lib/transfer/file/write-prompt-file.ts'
import { fileOf } from '../files/file-version.ts'
import { hashOf, type Lock, type LockedPrompt } from '../files/lock.ts'
import { filePathOf } from '../files/names.ts'
import { incipitError, isIncipitError } from '../http/problem.ts'
import type { WirePrompt, WireVersion } from '../prompts/wire.ts'
import type { ListedPrompt, Registry } from '../registry/registry.ts'

/** What moves without a new version. */
export interface Shelf {
  category: string | null
  tags: string[]
  aliases: string[]
}

export function shelfOf({
  category,
  tags,
  aliases,
}: {
  category?: string | null
  tags?: string[]
  aliases?: string[]
}): Shelf {
  return { category: category ?? null, tags: tags ?? [], aliases: aliases ?? [] }
}

export function isSameShelf(one: Shelf, other: Shelf): boolean {
  const text = ({ category, tags, aliases }: Shelf) =>
    JSON.stringify([category, tags.toSorted(), aliases.toSorted()])
  return text(one) === text(other)
}

/** The text of the file that a prompt of the server is. */
export function remoteText(wire: WirePrompt): string {
  return writePromptFile(fileOf(wire))
}

/** The text of the file when it was last the same here and there. */
export async function baseText(registry: Registry, name: string, locked: LockedPrompt): Promise<string> {
  return versionText(await registry.version(name, locked.version), shelfOf(locked))
}

/** A version of the past as a file, on a shelf. */
export function versionText(wire: WireVersion, shelf: Shelf): string {
  return writePromptFile(fileOf({ ...wire, ...shelf }))
}

/**
 * A prompt with its newest version; undefined: the name is free.
 * @throws IncipitError that tells how an archived prompt is restored, and of a name that is another's alias
 */
export async function newest(registry: Registry, name: string): Promise<WirePrompt | undefined> {
  try {
    const wire = await registry.prompt(name, { label: 'latest' })
    if (wire.name === name) return wire
    throw incipitError(
      'conflict',
      `"${name}" is an alias of "${wire.name}" on ${registry.url}: use that name.`,
    )
  } catch (error) {
    const isMissing = isIncipitError(error) && error.code === 'not_found' && error.extra['archived'] !== true
    if (isMissing) return undefined
    throw error
  }
}

/** What the lock says once a file is the same here and there. */
export function lockedAs(wire: WirePrompt, text: string, file: string): LockedPrompt {
  const { category, tags, aliases } = wire
  return {
    file,
    version: wire.version,
    checksum: wire.checksum,
    sha256: hashOf(text),
    ...(category !== null && { category }),
    ...(tags.length > 0 && { tags }),
    ...(aliases.length > 0 && { aliases }),
  }
}

/** The version of a listed prompt that a label names; undefined: it has no such label. */
export function numberOf(
  { labels, latest_version: latest }: ListedPrompt,
  label: string,
): number | undefined {
  return label === 'latest' ? latest : labels.find((each) => each.label === label)?.version
}

/** Where a prompt's file is: where it was pulled to, unless its shelf moved since. */
export function placeOf(wire: Pick<WirePrompt, 'name' | 'category'>, lock: Lock): string {
  const locked = lock.prompts.get(wire.name)
  const stayed = locked !== undefined && (locked.category ?? null) === wire.category
  return stayed ? locked.file : filePathOf(wire)
}

import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { unzipSync } from 'fflate'
import type { IncludedPrompt, IncludeTree } from '#lib/liquid/types.ts'
import { versionChecksum } from '#lib/prompts/content/checksum.ts'
import type { PromptFile } from '#lib/transfer/file/prompt-file.ts'
import { readPromptFile } from '#lib/transfer/file/read-prompt-file.ts'
import { type FileVersion, fileVersion } from '../files/file-version.ts'
import { incipitError } from '../http/problem.ts'
import { bare } from './fallback.ts'
import type { Loaded } from './loaded.ts'

/** Bytes of a zip's files together. */
const UNPACKED_MAX = 256 * 1024 * 1024
const FILES_MAX = 20_000
const INCLUDE_DEPTH_MAX = 10

interface BundledPrompt extends Listed {
  file: PromptFile
  version: FileVersion
}

/** What the bundle's own list, or a lock file, says of a file. */
interface Listed {
  number: number
  /** It came along since others include its prompt. */
  isIncluded: boolean
  /** What its references are pinned to, as `name@version`. */
  pins: ReadonlyMap<string, string>
}

/** The prompts of a bundle. */
export interface Bundle {
  /** By their names and aliases, in the version that was asked for. */
  prompts: ReadonlyMap<string, BundledPrompt>
  /** All versions, as `name@version`. */
  versions: ReadonlyMap<string, BundledPrompt>
}

/**
 * Reads a zip of an export, or a folder of files.
 * @throws IncipitError naming the file that cannot be read
 */
export async function readBundle(place: string): Promise<Bundle> {
  const isFolder = (await stat(place)).isDirectory()
  const texts = isFolder ? await readFolder(place) : readZip(await readFile(place), place)
  const { numbers, listed } = listIn(texts)
  const prompts = new Map<string, BundledPrompt>()
  const versions = new Map<string, BundledPrompt>()
  for (const [name, text] of texts) {
    if (!name.endsWith('.md') || (listed.size > 0 && !listed.has(name))) continue
    const prompt = readBundled(name, text)
    if (prompt === undefined) continue
    const own = prompt.file.name
    const unlisted = { number: numbers.get(own) ?? 0, isIncluded: false, pins: new Map() }
    const bundled = { ...prompt, ...(listed.get(name) ?? unlisted) }
    versions.set(`${own}@${bundled.number}`, bundled)
    const known = prompts.get(own)
    if (known !== undefined && !isRather(bundled, known)) continue
    for (const key of [own, ...(prompt.file.aliases ?? [])]) prompts.set(key, bundled)
  }
  return { prompts, versions }
}

/** What was asked for goes before what came along, of which what is released goes first; else the newest counts. */
function isRather(one: BundledPrompt, other: BundledPrompt): boolean {
  const rank = ({ isIncluded, file }: BundledPrompt) =>
    !isIncluded ? 2 : file.labels?.includes('production') === true ? 1 : 0
  return rank(one) === rank(other) ? one.number > other.number : rank(one) > rank(other)
}

/** A prompt of a bundle, ready to render; undefined: it is not there. */
export function findInBundle(bundle: Bundle, name: string): Loaded | undefined {
  const found = bundle.prompts.get(name)
  if (found === undefined) return undefined
  const { file, version, number } = found
  const { content, variables, config } = version
  const includes = treeOf(bundle, found, 0)
  const included = [...includes].map(([ref, prompt]) => ({
    ref,
    name: prompt.name,
    version: prompt.version,
    checksum: '',
  }))
  return {
    label: null,
    includes,
    wire: {
      ...bare(file.name),
      ...content,
      version: number,
      checksum: versionChecksum({ content, variables, config, includes }),
      title: file.title ?? '',
      description: file.description ?? '',
      format: content.format ?? 'liquid',
      variables,
      config,
      includes: included,
    },
  }
}

function treeOf(bundle: Bundle, { version: { analysis }, pins }: BundledPrompt, depth: number): IncludeTree {
  if (depth > INCLUDE_DEPTH_MAX) return new Map()
  const tree = new Map<string, IncludedPrompt>()
  for (const { ref, name } of analysis.includes) {
    const pinned = bundle.versions.get(pins.get(ref) ?? ref)
    const found = pinned ?? bundle.prompts.get(name)
    if (found === undefined || tree.has(ref)) continue
    const { content, variables } = found.version
    tree.set(ref, {
      name: found.file.name,
      version: found.number,
      text: content.kind === 'text' ? content.template_content : '',
      ...(content.format === 'text' && { format: 'text' as const }),
      variables,
      includes: treeOf(bundle, found, depth + 1),
    })
  }
  return tree
}

/** Notes and READMEs are no prompts; a file that begins as a prompt and is none is an error. */
function readBundled(name: string, text: string): Pick<BundledPrompt, 'file' | 'version'> | undefined {
  if (!/^\uFEFF?---[ \t]*\r?\n/.test(text)) return undefined
  try {
    const { prompt } = readPromptFile(text, path.basename(name, '.md'))
    return { file: prompt, version: fileVersion(prompt) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw incipitError('invalid_input', `${name} of the bundle cannot be read: ${reason}`, { cause: error })
  }
}

async function readFolder(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  // Links are left out: they may lead anywhere.
  const names = entries
    .filter((entry) => entry.isFile() && /\.md$|^incipit\.(?:lock|json)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((name) => !name.includes(`${path.sep}node_modules${path.sep}`))
  const texts = await Promise.all(
    names.map(async (name) => {
      const inner = path.relative(folder, name).replaceAll('\\', '/')
      return [inner, await readFile(name, 'utf8')] as const
    }),
  )
  return new Map(texts)
}

function readZip(bytes: Uint8Array, place: string): Map<string, string> {
  let size = 0
  let files = 0
  const unpacked = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      size += originalSize
      files += 1
      if (size > UNPACKED_MAX || files > FILES_MAX)
        throw incipitError('too_large', `${place} holds too much for a bundle.`)
      return /\.md$|(?:^|\/)incipit\.json$/.test(name)
    },
  })
  const decoder = new TextDecoder()
  return new Map(Object.entries(unpacked).map(([name, data]) => [name, decoder.decode(data)]))
}

interface ListedPrompt {
  name?: unknown
  version?: unknown
  path?: unknown
  included?: unknown
  includes?: unknown
}

/** What the bundle's own list says, or a lock file: newest numbers by name, and of each file. */
function listIn(texts: ReadonlyMap<string, string>) {
  const numbers = new Map<string, number>()
  const listed = new Map<string, Listed>()
  for (const [name, text] of texts) {
    if (!/(?:^|\/)incipit\.(?:lock|json)$/.test(name)) continue
    const { prompts } = JSON.parse(text) as { prompts?: ListedPrompt[] | Record<string, ListedPrompt> }
    const list = Array.isArray(prompts)
      ? prompts
      : Object.entries(prompts ?? {}).map(([key, entry]) => ({ ...entry, name: key }))
    for (const { name: prompt, version: number, path: file, included, includes } of list) {
      if (typeof prompt !== 'string' || typeof number !== 'number') continue
      numbers.set(prompt, Math.max(number, numbers.get(prompt) ?? 0))
      if (typeof file === 'string')
        listed.set(path.posix.normalize(file), {
          number,
          isIncluded: included === true,
          pins: pinsIn(includes),
        })
    }
  }
  return { numbers, listed }
}

function pinsIn(includes: unknown): Map<string, string> {
  const list = Array.isArray(includes) ? (includes as Partial<Record<string, unknown>>[]) : []
  return new Map(list.map(({ ref, name, version }) => [String(ref), `${String(name)}@${String(version)}`]))
}

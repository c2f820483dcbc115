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

interface BundledPrompt {
  file: PromptFile
  version: FileVersion
  number: number
}

/** The prompts of a bundle, by their names and aliases. */
export type Bundle = ReadonlyMap<string, BundledPrompt>

/**
 * Reads a zip of an export, or a folder of files.
 * @throws IncipitError naming the file that cannot be read
 */
export async function readBundle(place: string): Promise<Bundle> {
  const isFolder = (await stat(place)).isDirectory()
  const texts = isFolder ? await readFolder(place) : readZip(await readFile(place), place)
  const { numbers, versions, isListed } = listIn(texts)
  const found = new Map<string, BundledPrompt>()
  for (const [name, text] of texts) {
    if (!name.endsWith('.md') || !isListed(name)) continue
    const prompt = readBundled(name, text)
    if (prompt === undefined) continue
    const number = versions.get(name) ?? numbers.get(prompt.file.name) ?? 0
    // A bundle of all versions has older ones beside the newest.
    if ((found.get(prompt.file.name)?.number ?? -1) >= number) continue
    const bundled = { ...prompt, number }
    for (const key of [prompt.file.name, ...(prompt.file.aliases ?? [])]) found.set(key, bundled)
  }
  return found
}

/** A prompt of a bundle, ready to render; undefined: it is not there. */
export function findInBundle(bundle: Bundle, name: string): Loaded | undefined {
  const found = bundle.get(name)
  if (found === undefined) return undefined
  const { file, version, number } = found
  const { content, variables, config } = version
  const includes = treeOf(bundle, version, 0)
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

function treeOf(bundle: Bundle, { analysis }: FileVersion, depth: number): IncludeTree {
  if (depth > INCLUDE_DEPTH_MAX) return new Map()
  const tree = new Map<string, IncludedPrompt>()
  for (const { ref, name } of analysis.includes) {
    const found = bundle.get(name)
    if (found === undefined || tree.has(ref)) continue
    const { content, variables } = found.version
    tree.set(ref, {
      name: found.file.name,
      version: found.number,
      text: content.kind === 'text' ? content.template_content : '',
      ...(content.format === 'text' && { format: 'text' as const }),
      variables,
      includes: treeOf(bundle, found.version, depth + 1),
    })
  }
  return tree
}

/** Notes and READMEs are no prompts; a file that begins as a prompt and is none is an error. */
function readBundled(name: string, text: string): Omit<BundledPrompt, 'number'> | undefined {
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
}

/** What the bundle's own list says, or a lock file: the numbers of the versions, and which files are the newest ones. */
function listIn(texts: ReadonlyMap<string, string>) {
  const numbers = new Map<string, number>()
  const versions = new Map<string, number>()
  for (const [name, text] of texts) {
    if (!/(?:^|\/)incipit\.(?:lock|json)$/.test(name)) continue
    const { prompts } = JSON.parse(text) as { prompts?: ListedPrompt[] | Record<string, ListedPrompt> }
    const listed = Array.isArray(prompts)
      ? prompts
      : Object.entries(prompts ?? {}).map(([key, entry]) => ({ ...entry, name: key }))
    for (const { name: prompt, version, path: file } of listed) {
      if (typeof prompt !== 'string' || typeof version !== 'number') continue
      numbers.set(prompt, Math.max(version, numbers.get(prompt) ?? 0))
      if (typeof file === 'string') versions.set(path.posix.normalize(file), version)
    }
  }
  const isListed = (name: string) => versions.size === 0 || versions.has(name)
  return { numbers, versions, isListed }
}

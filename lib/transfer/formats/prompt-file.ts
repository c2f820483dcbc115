import { withoutCode } from '../../liquid/dialects/code-blocks.ts'
import { decodeText } from '../bundle/decode-text.ts'
import { analysisOf } from '../convert/written.ts'
import { type FileParts, splitFile } from '../file/front-matter.ts'
import { type PromptFile, PromptFileError } from '../file/prompt-file.ts'
import { isPromptFile, readParts } from '../file/read-prompt-file.ts'
import { BUNDLE_FORMAT, MANIFEST } from '../rules.ts'
import { Manifest } from '../schema.ts'
import type {
  ReadItem,
  RefusedItem,
  SourceFile,
  SourceFormat,
  SourcePin,
  SourceVersion,
  TextPlace,
} from '../source.ts'
import { guessLanguage } from './reading/guess-language.ts'

/** Files that Incipit writes: single ones, folders of them, and bundles, which have a manifest. */
export const promptFileFormat: SourceFormat = {
  id: 'incipit',
  title: 'Incipit',
  claim(files) {
    const roots = files.flatMap((file) => (isManifest(file) ? [folderOf(file.path)] : []))
    return files.filter(
      (file) =>
        isManifest(file) || (file.path.endsWith('.md') && (isBelow(file.path, roots) || isOurs(file))),
    )
  },
  take: (files) => files.filter((file) => isManifest(file) || file.path.endsWith('.md')),
  read(files) {
    const manifests = files.filter(isManifest).map(readManifest)
    const texts = files.filter(({ path }) => path.endsWith('.md'))
    const roots = manifests.map(({ root }) => root)
    const listed = listedFiles(manifests)
    const refused = manifests.flatMap(({ refused }) => refused ?? [])
    const present = new Set(texts.map(({ path }) => path))
    const older = Map.groupBy(texts, ({ path }) => OLDER.exec(path)?.[1] ?? '')
    older.delete('')
    const items = texts
      .filter(({ path }) => !OLDER.test(path))
      .map((file) => readItem(file, older.get(file.path.slice(0, -3)) ?? [], roots, listed))
    return [...refused, ...items, ...manifests.flatMap((manifest) => missing(manifest, present))]
  },
}

/** `reviews/summary.versions/3.md`: version 3 of `reviews/summary.md`. */
const OLDER = /^(.*)\.versions\/(\d+)\.md$/

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '')
const isBelow = (path: string, roots: readonly string[]) => roots.some((root) => path.startsWith(root))

function isManifest({ path }: SourceFile): boolean {
  return path === MANIFEST || path.endsWith(`/${MANIFEST}`)
}

function isOurs(file: SourceFile): boolean {
  const older = OLDER.exec(file.path)?.[1]
  try {
    const parts = partsOf(file)
    if (parts === undefined || !isPromptFile(parts, nameOf(older ?? file.path))) return false
    return !isOfOthers(file.path, parts)
  } catch (error) {
    if (error instanceof PromptFileError) return false
    throw error
  }
}

/** Fields that files of other tools have, too. */
const COMMON: ReadonlySet<string> = new Set(['name', 'title', 'description', 'category', 'tags'])

const BRACES = /\{\{|\{%/
/** Languages that nobody writes who means Liquid. */
const OTHER_LANGUAGES: ReadonlySet<string> = new Set([
  'handlebars',
  'mustache',
  'dotprompt',
  'semantic-kernel',
])

/** Where coding agents keep their files. */
const OF_AGENTS = /(?:^|\/)\.(?:claude|codex|cursor|gemini|github|opencode|windsurf)\//

/**
 * Whether a file that says nothing of its own is where agents keep theirs, or has a text in another language, or
 * braces in its code alone. One that is meant as Liquid and has a fault is ours: its fault is told.
 */
function isOfOthers(path: string, { fields, body }: FileParts): boolean {
  if (!Object.keys(fields).every((field) => COMMON.has(field))) return false
  if (OF_AGENTS.test(path)) return true
  if (!BRACES.test(body)) return false
  const isOther = OTHER_LANGUAGES.has(guessLanguage(body).language) && analysisOf(body).problems.length > 0
  return isOther || !BRACES.test(withoutCode(body))
}

/** What files were taken apart into: whoever claims a file reads it right after, and YAML is most of the work. */
const taken = new WeakMap<SourceFile, FileParts>()

/** @throws PromptFileError */
function partsOf(file: SourceFile): FileParts | undefined {
  const known = taken.get(file)
  if (known !== undefined) return known
  const decoded = decodeText(file.bytes)
  if ('fault' in decoded) throw new PromptFileError(1, decoded.fault)
  const parts = splitFile(decoded.text)
  if (parts !== undefined) taken.set(file, parts)
  return parts
}

interface ReadManifest {
  root: string
  prompts: Manifest['prompts']
  path: string
  refused?: RefusedItem
}

function readManifest({ path, bytes }: SourceFile): ReadManifest {
  const root = folderOf(path)
  const none = { root, path, prompts: [] }
  const refuse = (message: string) => ({
    ...none,
    refused: { kind: 'refused' as const, origin: { path }, name: MANIFEST, notes: [{ message }] },
  })
  const decoded = decodeText(bytes)
  if ('fault' in decoded) return refuse(decoded.fault)
  const parsed = Manifest.safeParse(parseJson(decoded.text))
  if (!parsed.success)
    return refuse('It does not say what a bundle says of itself; the files beside it are read')
  const { format_version: version, prompts } = parsed.data
  if (version > BUNDLE_FORMAT)
    return refuse(
      `The bundle has the form ${version}, and this version of Incipit reads ${BUNDLE_FORMAT}: update it`,
    )
  return { ...none, prompts }
}

/** What a manifest says of a file. */
interface Listed {
  was: { number: number; checksum: string }
  pins: SourcePin[]
  /** A text of the bundle names it by its number. */
  isNamed: boolean
}

/** What manifests say of the files beside them, by path. */
function listedFiles(manifests: readonly ReadManifest[]): Map<string, Listed> {
  return new Map(
    manifests.flatMap(({ root, prompts }) => {
      const numbered = prompts.flatMap(({ includes = [] }) => includes.filter(({ ref }) => ref.includes('@')))
      const named = new Set(numbered.map(({ name, version }) => `${name}@${version}`))
      return prompts.map(({ name, path, version, checksum, includes = [] }): [string, Listed] => [
        root + path,
        {
          was: { number: version, checksum },
          pins: includes.map((each) => ({
            ref: each.ref,
            name: each.name,
            version: each.version,
            checksum: each.checksum,
          })),
          isNamed: named.has(`${name}@${version}`),
        },
      ])
    }),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Prompts that the manifest names and whose files are not there. */
function missing(
  { root, prompts, path: manifest }: ReadManifest,
  present: ReadonlySet<string>,
): RefusedItem[] {
  return prompts.flatMap(({ name, path }) =>
    present.has(root + path)
      ? []
      : [
          {
            kind: 'refused' as const,
            origin: { path: manifest, entry: name },
            name,
            notes: [{ message: `The bundle is not whole: it names ${path}, which is not there` }],
          },
        ],
  )
}

function readItem(
  file: SourceFile,
  older: readonly SourceFile[],
  roots: readonly string[],
  listed: ReadonlyMap<string, Listed>,
): ReadItem {
  const name = nameOf(file.path)
  try {
    const history = older
      .toSorted((one, other) => numberOf(one) - numberOf(other))
      .map((each) => ({
        ...versionOf(readFile(each, name).prompt, listed.get(each.path)),
        number: numberOf(each),
      }))
    const { prompt, places } = readFile(file, name)
    const own = listed.get(file.path)
    const number = history.length > 0 || own?.isNamed === true ? own?.was.number : undefined
    const category = prompt.category ?? shelfOf(file.path, roots)
    return {
      kind: 'prompt',
      origin: { path: file.path },
      name: prompt.name,
      ...(category !== undefined && { category }),
      tags: prompt.tags ?? [],
      aliases: prompt.aliases ?? [],
      says: SHELF.filter((field) => prompt[field] !== undefined),
      versions: [...history, { ...versionOf(prompt, own), ...(number !== undefined && { number }) }],
      notes: [],
      places,
    }
  } catch (error) {
    if (!(error instanceof PromptFileError)) throw error
    const { line, message } = error
    return { kind: 'refused', origin: { path: file.path }, name, notes: [{ line, message }] }
  }
}

const SHELF = ['category', 'tags', 'aliases'] as const

const numberOf = ({ path }: SourceFile) => Number(OLDER.exec(path)?.[2])

function readFile(file: SourceFile, name: string): { prompt: PromptFile; places: TextPlace[] } {
  try {
    return readParts(partsOf(file), name)
  } catch (error) {
    if (!(error instanceof PromptFileError) || !OLDER.test(file.path)) throw error
    throw new PromptFileError(error.line, `${file.path}: ${error.message}`)
  }
}

/** In a bundle the folder is the category of a file that names none. */
function shelfOf(path: string, roots: readonly string[]): string | undefined {
  const root = roots.find((each) => path.startsWith(each))
  if (root === undefined) return undefined
  return path.slice(root.length).split('/').slice(0, -1).at(-1)
}

/** A file says all of a version: what it leaves out is at its default, whatever was there before. */
function versionOf(prompt: PromptFile, listed: Listed | undefined): SourceVersion {
  const {
    template_content,
    messages,
    format,
    variables,
    config,
    title,
    description,
    publish,
    message,
    labels,
  } = prompt
  return {
    ...(template_content !== undefined && { template_content }),
    ...(messages !== undefined && { messages }),
    format: format ?? 'liquid',
    ...(variables !== undefined && { variables }),
    config: config ?? {},
    title: title ?? '',
    description: description ?? '',
    publish: { prompt: true, tool: false, skill: false, ...publish },
    ...(message !== undefined && { message }),
    ...(labels !== undefined && { labels }),
    ...(listed !== undefined && { was: listed.was }),
    ...(listed !== undefined && listed.pins.length > 0 && { pins: listed.pins }),
  }
}

import type { ReadItem, SourceFormat } from '../../source.ts'
import { type Data, readData } from '../reading/document.ts'
import { eachText, type TextFile, textsByPath } from '../reading/each-file.ts'
import { peek } from '../reading/file-text.ts'
import { nameFromPath, resolvePath } from '../reading/paths.ts'
import { promptItem, refused } from '../reading/prompt-item.ts'
import { said } from '../reading/said.ts'
import { type Fields, fieldsOf, isFields, listOf, wordOf, wordsOf } from '../reading/values.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { readOlder } from './older.ts'

const END = /\.(?:json|ya?ml)$/i
const SERIALIZED = /["']?lc["']?\s*:\s*1\b/
const OLDER = /["']?_type["']?\s*:\s*["']?(?:prompt|few_shot|chat)\b/
const OLDEST =
  /["']?(?:template_format["']?\s*:\s*["']?(?:f-string|jinja2|mustache)\b|input_variables["']?\s*:)/

/** Prompts of LangChain and LangSmith: manifests, commits of the hub, and the older files with `_type`. */
export const langchain: SourceFormat = {
  id: 'langchain',
  title: 'LangSmith and LangChain',
  claim(files) {
    const prompts = files.filter((file) => END.test(file.path) && isPrompt(file.path, peek(file)))
    const named = new Set(prompts.flatMap((file) => templatesOf(file.path, peek(file))))
    return files.filter((file) => prompts.includes(file) || named.has(file.path))
  },
  read(files) {
    const texts = textsByPath(files)
    const named = new Set(
      [...texts].flatMap(([path, text]) => (END.test(path) ? templatesOf(path, text) : [])),
    )
    return eachText(
      files.filter(({ path }) => !named.has(path)),
      (file) => readFile(file, texts),
    )
  },
}

function isPrompt(path: string, text: string): boolean {
  const isMarked =
    SERIALIZED.test(text) || OLDER.test(text) || (OLDEST.test(text) && /["']?template["']?\s*:/.test(text))
  if (!isMarked) return false
  const data = readData(path, text)
  return 'fault' in data || entriesOf(data.value).length > 0
}

/** Files that hold the template of an older prompt. */
function templatesOf(path: string, text: string): string[] {
  return [...text.matchAll(/["']?template_path["']?\s*:\s*["']?([^"'\n,]+)/g)].flatMap(
    ([, named = '']) => resolvePath(path, named.trim()) ?? [],
  )
}

interface Entry {
  /** What is read. */
  value: Fields
  path: (string | number)[]
  /** What the hub says of it. */
  about: Fields
}

function entriesOf(value: unknown): Entry[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => entryOf(each, [index]))
  const top = fieldsOf(value)
  const key = ['commits', 'prompts', 'repos', 'data'].find((each) => Array.isArray(top[each]))
  return key === undefined
    ? entryOf(value, [])
    : listOf(top[key]).flatMap((each, index) => entryOf(each, [key, index]))
}

function entryOf(value: unknown, path: (string | number)[]): Entry[] {
  if (!isFields(value)) return []
  if (isFields(value.manifest))
    return entryOf(value.manifest, [...path, 'manifest']).map((entry) => ({ ...entry, about: value }))
  const isSerialized = value.lc === 1 && typeof value.type === 'string' && Array.isArray(value.id)
  const hasTemplate = typeof value.template === 'string' || typeof value.template_path === 'string'
  const names = value.input_variables
  const hasNames = Array.isArray(names) && names.every((each) => typeof each === 'string')
  const isOlder =
    typeof value._type === 'string' || (hasTemplate && (value.template_format !== undefined || hasNames))
  const isCatalogued = isSerialized ? isPromptClass(value) : isOlder
  return isCatalogued ? [{ value, path, about: {} }] : []
}

function isPromptClass({ id }: Fields): boolean {
  return /Prompt|RunnableSequence|RunnableBinding/.test(wordOf(listOf(id).at(-1)) ?? '')
}

function readFile({ path, text }: TextFile, texts: ReadonlyMap<string, string>): ReadItem[] {
  const data = readData(path, text)
  const name = nameFromPath(path)
  if ('fault' in data) return [refused({ path }, name, [data.fault])]
  const entries = entriesOf(data.value)
  return entries.map((entry) => readEntry(entry, data, { path, name, texts, isSingle: entries.length === 1 }))
}

interface Place {
  path: string
  name: string
  texts: ReadonlyMap<string, string>
  isSingle: boolean
}

function readEntry({ value, path, about }: Entry, data: Data, place: Place): ReadItem {
  const manifest =
    value.lc === 1
      ? readManifest(value, { data, path })
      : readOlder(value, { data, path }, (named) => place.texts.get(resolvePath(place.path, named) ?? ''))
  const metadata = fieldsOf(manifest.metadata)
  const own =
    wordOf(about.repo_handle) ??
    wordOf(about.repo) ??
    wordOf(metadata.lc_hub_repo) ??
    wordOf(about.name) ??
    wordOf(manifest.name)
  const name =
    own ??
    (place.isSingle
      ? place.name
      : `${place.name}-${(path.find((step) => typeof step === 'number') ?? 0) + 1}`)
  const line = path.length === 0 ? undefined : data.line(path)
  const origin = {
    path: place.path,
    ...(place.isSingle ? {} : { entry: name }),
    ...(line === undefined ? {} : { line }),
  }
  return itemOf(manifest, origin, name, about)
}

function itemOf(manifest: Manifest, origin: ReadItem['origin'], name: string, about: Fields): ReadItem {
  if (manifest.content === undefined) return refused(origin, name, manifest.notes)
  return promptItem({
    origin,
    name,
    tags: wordsOf(about.tags ?? manifest.tags),
    notes: manifest.notes,
    versions: [
      {
        content: manifest.content,
        declared: manifest.declared,
        config: manifest.config,
        ...said('description', wordOf(about.description)),
        ...said('message', wordOf(about.commit_message)),
      },
    ],
  })
}

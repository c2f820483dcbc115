import type { Json } from '../../liquid/json.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import { type Data, readData, readYaml } from './reading/document.ts'
import { eachText, type TextFile, textsByPath } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { modelConfig } from './reading/model-config.ts'
import { fitsGlob, nameFromPath, partsOf, resolvePath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { chatInText, isBrokenChat, readFileText } from './reading/promptfoo-texts.ts'
import { said } from './reading/said.ts'
import { type Fields, fieldsOf, isFields, listOf, wordOf } from './reading/values.ts'

const CODE = /\.(?:js|cjs|mjs|ts|py|rb|go|sh)(?::[\w.]+)?$/i
const FILE = /^file:\/\/|^[\w./*-]+\.(?:txt|json|jsonl|ya?ml|md|j2|csv|js|cjs|mjs|ts|py)(?::[\w.]+)?$/i

/** A longer description is no name. */
const MOST_NAMED = 60

/** Prompts of promptfoo: those of a configuration, and the files that it names. */
export const promptfoo: SourceFormat = {
  id: 'promptfoo',
  title: 'promptfoo',
  claim(files) {
    const configs = files.filter(isConfig)
    const named = new Set(configs.flatMap((file) => namedFiles(file, files)))
    return files.filter((file) => configs.includes(file) || named.has(file.path) || isLooseChat(file))
  },
  read(files) {
    const texts = textsByPath(files)
    const configs = files.filter(isConfig)
    const named = new Set(configs.flatMap((file) => namedFiles(file, files)))
    const loose = files.filter((file) => !named.has(file.path) && !configs.includes(file))
    return [...eachText(configs, (file) => readConfig(file, texts)), ...eachText(loose, readLoose)]
  },
}

function isConfig(file: SourceFile): boolean {
  const { lower } = partsOf(file.path)
  if (!/\.(?:ya?ml|json)$/.test(lower)) return false
  const text = peek(file)
  if (!/^[ \t]*["']?prompts["']?[ \t]*:/m.test(text)) return false
  return (
    /^promptfooconfig\b/.test(lower) ||
    /promptfoo\.dev\/config-schema/.test(text) ||
    /^["']?(?:providers|targets|tests|defaultTest)["']?[ \t]*:/m.test(text)
  )
}

/** Messages with tags of Nunjucks between them, which are JSON once they are rendered. */
function isLooseChat(file: SourceFile): boolean {
  return isBrokenChat(file.path, peek(file))
}

function readLoose({ path, text }: TextFile): ReadItem {
  const { content, notes } = chatInText({ text, line: (line) => line })
  return promptItem({ origin: { path }, name: nameFromPath(path), notes, versions: [{ content }] })
}

interface Entry {
  /** The text, or messages; undefined: it is in files. */
  raw?: unknown
  files?: string
  label?: string | undefined
  path: (string | number)[]
  config?: unknown
}

function entriesOf(prompts: unknown): Entry[] {
  const list: [unknown, (string | number)[]][] = Array.isArray(prompts)
    ? prompts.map((each, index) => [each, ['prompts', index]])
    : [[prompts, ['prompts']]]
  if (isFields(prompts) && !('raw' in prompts) && !('id' in prompts))
    return Object.entries(prompts).map(([files, label]) => ({
      files,
      label: wordOf(label),
      path: ['prompts', files],
    }))
  return list.flatMap(([each, path]): Entry[] => {
    if (typeof each === 'string')
      return [FILE.test(each.trim()) ? { files: each.trim(), path } : { raw: each, path }]
    if (!isFields(each)) return []
    const { raw, messages, id, label = each.display, config } = each
    const named = { label: wordOf(label), path, config }
    if (Array.isArray(messages)) return [{ ...named, raw: messages, path: [...path, 'messages'] }]
    if (typeof raw === 'string')
      return [FILE.test(raw) ? { ...named, files: raw } : { ...named, raw, path: [...path, 'raw'] }]
    return typeof id === 'string' ? [{ ...named, files: id }] : []
  })
}

function namedFiles(file: SourceFile, files: readonly SourceFile[]): string[] {
  const data = readData(file.path, peek(file))
  if ('fault' in data) return []
  const entries = entriesOf(fieldsOf(data.value).prompts)
  const inMessages = [...peek(file).matchAll(/content[ \t]*:[ \t]*["']?(file:\/\/[^"'\s]+)/g)].map(
    ([, named = '']) => named,
  )
  const named = [...entries.flatMap((entry) => entry.files ?? []), ...inMessages]
  return named.flatMap((each) =>
    filesOf(
      file.path,
      each,
      files.map(({ path }) => path),
    ),
  )
}

/** The files that a name means: one, a folder, or all that fit a pattern. */
function filesOf(from: string, named: string, paths: readonly string[]): string[] {
  const path = resolvePath(from, named.replace(/(\.\w+):[\w.]+$/, '$1'))
  if (path === undefined) return []
  if (path.includes('*')) return paths.filter((each) => fitsGlob(each, path))
  return paths.filter(
    (each) => each === path || (each.startsWith(`${path}/`) && !each.slice(path.length + 1).includes('/')),
  )
}

function readConfig({ path, text }: TextFile, texts: ReadonlyMap<string, string>): ReadItem[] {
  const data = /\.json$/i.test(path) ? readData(path, text) : readYaml(text)
  const base = baseName(path, 'fault' in data ? undefined : fieldsOf(data.value).description)
  if ('fault' in data) return [refused({ path }, base, [data.fault])]
  const fields = fieldsOf(data.value)
  const entries = entriesOf(fields.prompts)
  const source: Config = {
    path,
    base,
    data,
    texts,
    config: providersOf(fields),
    notes: testNotes(fields),
    count: entries.length,
  }
  return entries.flatMap((entry, index) => readEntry(entry, index, source))
}

/** What its prompts are called that have no label: its folder, or what it says of itself where it has none. */
function baseName(path: string, description: unknown): string {
  const { folders, file } = partsOf(path)
  const own = file.replace(/\.(?:ya?ml|json)$/i, '')
  const said = wordOf(description)
  return /^promptfooconfig$/i.test(own)
    ? (folders.at(-1) ?? (said !== undefined && said.length <= MOST_NAMED ? said : 'prompt'))
    : own.replace(/^promptfooconfig[._-]?/i, '')
}

interface Config {
  path: string
  base: string
  data: Data
  texts: ReadonlyMap<string, string>
  config: Record<string, Json>
  notes: SourceNote[]
  count: number
}

function readEntry(entry: Entry, index: number, source: Config): ReadItem[] {
  const line = source.data.line(entry.path)
  const own = entry.label ?? (source.count === 1 ? source.base : `${source.base}-${index + 1}`)
  const origin = { path: source.path, entry: own, ...(line === undefined ? {} : { line }) }
  if (entry.files !== undefined) return readNamed(entry.files, entry, source, { origin, own })
  const lines = source.data.lines(entry.path)
  const faults = Array.isArray(entry.raw) ? faultsOf(entry.raw, entry.path, source) : []
  if (faults.length > 0) return [refused(origin, own, faults)]
  const read = Array.isArray(entry.raw)
    ? chatInText({ list: entry.raw.map((each) => withFile(each, source)), line: () => line })
    : chatInText({ text: String(entry.raw), line: lines })
  return [item(origin, own, read, source, entry.label)]
}

/** A message whose content is in another file. */
function withFile(message: unknown, { path, texts }: Config): unknown {
  const named = fileOfMessage(message)
  const text = named === undefined ? undefined : texts.get(resolvePath(path, named) ?? '')
  return text === undefined ? message : { ...fieldsOf(message), content: text }
}

function fileOfMessage(message: unknown): string | undefined {
  const { content } = fieldsOf(message)
  return typeof content === 'string' && content.startsWith('file://') ? content.trim() : undefined
}

/** Why a list of messages is not all there. */
function faultsOf(
  messages: readonly unknown[],
  at: Entry['path'],
  { path, texts, data }: Config,
): SourceNote[] {
  return messages.flatMap((message, index) => {
    const named = fileOfMessage(message)
    if (named === undefined) return []
    const line = data.line([...at, index])
    const place = line === undefined ? {} : { line }
    const which = `Message ${index + 1}: ${named}`
    if (CODE.test(named))
      return [{ ...place, message: `${which} is a program that writes a text: bring the text that it makes` }]
    const isThere = texts.has(resolvePath(path, named) ?? '')
    return isThere ? [] : [{ ...place, message: `${which} is not among the files` }]
  })
}

function readNamed(
  named: string,
  entry: Entry,
  source: Config,
  { origin, own }: { origin: ReadItem['origin'] & object; own: string },
): ReadItem[] {
  const where = origin.line === undefined ? {} : { line: origin.line }
  if (CODE.test(named))
    return [
      refused(origin, entry.label ?? own, [
        { ...where, message: `${named} is a program that writes a prompt: bring the text that it makes` },
      ]),
    ]
  const paths = filesOf(source.path, named, [...source.texts.keys()])
  if (paths.length === 0)
    return [refused(origin, entry.label ?? own, [{ ...where, message: `${named} is not among the files` }])]
  return paths.flatMap((path): ReadItem[] => {
    if (CODE.test(path)) return []
    const text = source.texts.get(path) ?? ''
    const name = entry.label !== undefined && paths.length === 1 ? entry.label : nameFromPath(path)
    const prompts = readFileText(path, text)
    return prompts.map((read, index) => {
      const each = prompts.length === 1 ? name : `${name}-${index + 1}`
      return item(
        { path, ...(prompts.length === 1 ? {} : { entry: each }) },
        read.label ?? each,
        read,
        source,
        entry.label,
      )
    })
  })
}

function item(
  origin: ReadItem['origin'],
  name: string,
  { content, notes }: ReturnType<typeof chatInText>,
  { config, notes: shared }: Config,
  label: string | undefined,
): ReadItem {
  return promptItem({
    origin,
    name,
    notes: [...notes, ...shared],
    versions: [{ content, config, ...said('title', label === name ? undefined : label) }],
  })
}

/** The models that prompts are tried with: the first is the hint. */
function providersOf(fields: Fields): Record<string, Json> {
  const given = fields.providers ?? fields.targets
  const list = typeof given === 'string' ? [given] : listOf(given)
  const all = list.flatMap((each): { id: string; config: Fields }[] => {
    if (typeof each === 'string') return [{ id: each, config: {} }]
    const [key] = Object.keys(fieldsOf(each))
    const id = wordOf(fieldsOf(each).id) ?? (key !== undefined && key.includes(':') ? key : undefined)
    return id === undefined
      ? []
      : [{ id, config: fieldsOf(fieldsOf(each).config ?? fieldsOf(fieldsOf(each)[id]).config) }]
  })
  const models = all.filter(
    ({ id }) => id.includes(':') && !/^(?:file|exec|python|https?|webhook|browser):/.test(id),
  )
  const [first] = models
  if (first === undefined) return {}
  const { apiKey: _, apiKeyEnvar: __, ...settings } = first.config as Record<string, unknown>
  const model = first.id
    .split(':')
    .filter((word) => !/^(?:chat|completion|messages|responses)$/.test(word))
    .slice(1)
    .join(':')
  return modelConfig(
    'promptfoo',
    { ...settings, model },
    all.length > 1 ? { providers: all.map(({ id }) => id) } : {},
  )
}

function testNotes(fields: Fields): SourceNote[] {
  const count = listOf(fields.tests).length
  return fields.tests === undefined && fields.defaultTest === undefined
    ? []
    : [
        {
          message: `Its tests${count > 0 ? ` (${count})` : ''} do not come along: tests are no part of a prompt here`,
        },
      ]
}

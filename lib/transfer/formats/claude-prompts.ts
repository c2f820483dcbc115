import type { Json } from '../../liquid/json.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import type { SourceMessage, SourceText } from './reading/content.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { type Data, readJson, readYaml } from './reading/document.ts'
import { below, eachText, type TextFile, textsByPath } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { variableOf } from './reading/json-schema.ts'
import { nameFromPath, partsOf, resolvePath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { type Fields, fieldsOf, isEmpty, listOf, without, wordOf, wordsOf } from './reading/values.ts'

const SHEET = /^(?:userMessageTemplate(?:File)?|systemMessage(?:File)?|chainSteps)[ \t]*:/m
const SECTION = /^##[ \t]+User Message(?: Template)?[ \t]*$/im
const KNOWN = [
  'id',
  'file',
  'name',
  'title',
  'category',
  'description',
  'arguments',
  'tags',
  'systemMessage',
  'systemMessageFile',
  'userMessageTemplate',
  'userMessageTemplateFile',
]

/** Prompts of the claude-prompts server: YAML with its texts beside it, or Markdown with a heading for each and a list of them in JSON. */
export const claudePrompts: SourceFormat = {
  id: 'claude-prompts',
  title: 'claude-prompts',
  claim(files) {
    const sheets = files.filter((file) => /\.ya?ml$/i.test(file.path) && SHEET.test(peek(file)))
    const lists = files.filter(isIndex)
    const texts = new Set([
      ...sheets.flatMap((file) => namedFiles(file)),
      ...lists.flatMap((file) => entriesIn(file).map(({ path }) => path)),
    ])
    return files.filter(
      (file) =>
        sheets.includes(file) ||
        lists.includes(file) ||
        texts.has(file.path) ||
        (/\.md$/i.test(file.path) && SECTION.test(peek(file))),
    )
  },
  read(files) {
    const texts = textsByPath(files)
    const sheets = files.filter(({ path }) => /\.ya?ml$/i.test(path))
    const named = new Set(sheets.flatMap((file) => namedFiles(file)))
    const pages = files.filter(({ path }) => /\.md$/i.test(path) && !named.has(path))
    const entries = files.filter(isIndex).flatMap(entriesIn)
    const told = new Map(entries.map((entry) => [entry.path, entry.fields]))
    return [
      ...eachText(sheets, (file) => readSheet(file, texts)),
      ...eachText(pages, (file) => readPage(file, told.get(file.path) ?? {})),
      ...entries.flatMap((entry) => (texts.has(entry.path) ? [] : [missingPage(entry)])),
    ]
  },
}

/** A list of the older form: what is said of each prompt, and the file that has its text. */
function isIndex(file: SourceFile): boolean {
  return (
    /\.json$/i.test(file.path) && /"file"\s*:\s*"[^"]+\.md"/.test(peek(file)) && entriesIn(file).length > 0
  )
}

interface Entry {
  /** Of the file that has the text. */
  path: string
  fields: Fields
  list: string
  line: number | undefined
}

function entriesIn(file: SourceFile): Entry[] {
  const data = readJson(peek(file))
  if ('fault' in data) return []
  return listOf(fieldsOf(data.value).prompts).flatMap((each, index): Entry[] => {
    const fields = fieldsOf(each)
    const path =
      wordOf(fields.id) === undefined ? undefined : resolvePath(file.path, wordOf(fields.file) ?? '')
    return path === undefined || path === ''
      ? []
      : [{ path, fields, list: file.path, line: data.line(['prompts', index]) }]
  })
}

function missingPage({ path, fields, list, line }: Entry): ReadItem {
  const name = wordOf(fields.id) ?? nameFromPath(path)
  const place = line === undefined ? {} : { line }
  const message = `Its text is in ${path}, which is not among the files`
  return refused({ path: list, entry: name, ...place }, name, [{ ...place, message }])
}

function namedFiles(file: SourceFile): string[] {
  return [
    ...peek(file).matchAll(/^(?:user|system)Message(?:Template)?File[ \t]*:[ \t]*["']?([^"'\n#]+)/gm),
  ].flatMap(([, named = '']) => resolvePath(file.path, named.trim()) ?? [])
}

function readSheet({ path, text }: TextFile, texts: ReadonlyMap<string, string>): ReadItem {
  const data = readYaml(text)
  if ('fault' in data) return refused({ path }, nameFromPath(path), [data.fault])
  const fields = fieldsOf(data.value)
  const name = wordOf(fields.id) ?? wordOf(fields.name) ?? nameFromPath(path)
  const system = textIn('systemMessage', fields, data, { path, texts })
  const user = textIn('userMessageTemplate', fields, data, { path, texts })
  const missing = [system, user].flatMap((found) => ('missing' in found ? [found.missing] : []))
  if (missing.length > 0) return refused({ path }, name, missing)
  const messages = [...messageOf('system', system), ...messageOf('user', user)]
  const [first] = messages
  if (first === undefined)
    return refused({ path }, name, [
      { message: 'It has steps that name other prompts, and no text of its own' },
    ])
  return itemOf(path, name, fields, messages)
}

type Found = SourceText | { missing: SourceNote } | { none: true }

function textIn(
  key: 'systemMessage' | 'userMessageTemplate',
  fields: Fields,
  data: Data,
  { path, texts }: { path: string; texts: ReadonlyMap<string, string> },
): Found {
  const inline = fields[key]
  if (typeof inline === 'string')
    return { text: inline.trim(), language: 'nunjucks', line: data.lines([key]) }
  const named = wordOf(fields[`${key}File`])
  if (named === undefined) return { none: true }
  const text = texts.get(resolvePath(path, named) ?? '')
  const line = data.line([`${key}File`])
  // Lines of another file than that of the item would lead astray.
  if (text !== undefined) return { text: text.trim(), language: 'nunjucks', line: () => line }
  return {
    missing: {
      ...(line === undefined ? {} : { line }),
      message: `Its text is in ${named}, which is not among the files`,
    },
  }
}

function messageOf(role: 'system' | 'user', found: Found): Extract<SourceMessage, { role: string }>[] {
  return 'text' in found && found.text !== '' ? [{ role, content: found }] : []
}

function itemOf(
  path: string,
  name: string,
  fields: Fields,
  messages: readonly Extract<SourceMessage, { role: string }>[],
): ReadItem {
  const [first] = messages
  const isText = messages.length === 1 && first?.role === 'user'
  const rest: Record<string, Json> = without(fields, ...KNOWN)
  const title = wordOf(fields.title) ?? wordOf(fields.name)
  return promptItem({
    origin: { path },
    name,
    category: wordOf(fields.category) ?? shelfOf(path),
    tags: wordsOf(fields.tags),
    versions: [
      {
        content: isText && first !== undefined ? { text: first.content as SourceText } : { messages },
        declared: listOf(fields.arguments).flatMap(argument),
        ...(isEmpty(rest) ? {} : { config: { 'claude-prompts': rest } }),
        ...said('title', title === name ? undefined : title),
        ...said('description', wordOf(fields.description)),
      },
    ],
  })
}

/** The folder of a category: around that of the prompt, where it has one. */
function shelfOf(path: string): string | undefined {
  const { folders, lower } = partsOf(path)
  const shelf = folders.at(lower.startsWith('prompt.') ? -2 : -1)
  return shelf === 'prompts' || shelf === '.' ? undefined : shelf
}

function argument(value: unknown): DeclaredVariable[] {
  const fields = fieldsOf(value)
  const name = wordOf(fields.name)
  if (name === undefined) return []
  const choices = fieldsOf(fields.validation).allowedValues ?? fields.options
  const variable = variableOf(name, {
    ...fields,
    default: fields.default ?? fields.defaultValue,
    ...(choices === undefined ? {} : { enum: choices }),
  })
  const isSaid = typeof fields.required === 'boolean' && variable.default === undefined
  return [{ ...variable, ...(isSaid ? { required: fields.required === true } : {}) }]
}

/**
 * The older form: a heading for the title, then one for each message.
 * @param told what a list says of the prompt
 */
function readPage({ path, text }: TextFile, told: Fields): ReadItem {
  const sections = sectionsOf(text)
  const heading = /^#[ \t]+(.+)$/m.exec(text)
  const name = wordOf(told.id) ?? nameFromPath(path)
  const messages = [
    ...messageOf('system', sections.get('system') ?? { none: true }),
    ...messageOf('user', sections.get('user') ?? { none: true }),
  ]
  if (messages.length === 0)
    return refused({ path }, name, [{ message: 'No text stands below its headings' }])
  const { name: ownName, ...rest } = told
  const title = wordOf(ownName) ?? heading?.[1]?.trim()
  const description = wordOf(told.description) ?? descriptionIn(text, heading)
  const { arguments: listed = argumentsIn(text), ...others } = rest
  return itemOf(path, name, { ...others, arguments: listed, title, description }, messages)
}

/** What stands below the title, or below a heading of its own. */
function descriptionIn(text: string, heading: RegExpExecArray | null): string | undefined {
  const own = /^##[ \t]+Description[ \t]*\n([^]*?)(?=^##[ \t]|(?![^]))/im.exec(text)?.[1]
  const at = heading === null ? 0 : heading.index + heading[0].length
  const above = text.slice(at, text.search(/^##[ \t]/m)).replace(/^\*\*Description\*\*:[ \t]*/im, '')
  return wordOf((own ?? above).trim())
}

/** Sections that are no text: what stands below them is for the server. */
const SERVER =
  /^##[ \t]+(?:System Message|Gate Configuration|Chain Steps)[ \t]*\n[^]*?(?=^##[ \t]|(?![^]))/gim
const NEXT =
  /^##[ \t]+(?:User Message(?: Template)?|Description|Arguments|Chain Steps|Gate Configuration)[ \t]*$/im

/** The system message ends at the next section; the user's is all that follows, as the server has it. */
function sectionsOf(text: string): Map<'system' | 'user', SourceText> {
  const found = new Map<'system' | 'user', SourceText>()
  for (const { index, 0: all, 1: title = '' } of text.matchAll(
    /^##[ \t]+(System Message|User Message(?: Template)?)[ \t]*$/gim,
  )) {
    const key = /^system/i.test(title) ? 'system' : 'user'
    if (found.has(key)) continue
    const from = index + all.length
    const rest = text.slice(from)
    const next = key === 'system' ? rest.search(NEXT) : -1
    const content = (next < 0 ? rest : rest.slice(0, next)).replaceAll(SERVER, '').trim()
    const offset = text.slice(0, from + rest.search(/\S|$/)).split('\n').length - 1
    found.set(key, { text: content, language: 'nunjucks', line: below(offset) })
  }
  return found
}

/** `- topic: what it is about`, below a heading of its own. */
function argumentsIn(text: string): { name: string; description: string }[] {
  const section = /^##[ \t]+Arguments[ \t]*\n([^]*?)(?=^##[ \t]|(?![^]))/im.exec(text)?.[1] ?? ''
  return [...section.matchAll(/^[-*][ \t]+`?(\w{1,64})`?[^\n:]{0,60}:[ \t]*(.{1,500})$/gm)].map(
    ([, name = '', description = '']) => ({ name, description: description.trim() }),
  )
}

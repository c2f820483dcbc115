import type { Json } from '../../liquid/json.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import type { SourceMessage, SourceText } from './reading/content.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { type Data, readYaml } from './reading/document.ts'
import { below, eachText, type TextFile, textsByPath } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { variableOf } from './reading/json-schema.ts'
import { nameFromPath, resolvePath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { type Fields, fieldsOf, isEmpty, listOf, without, wordOf, wordsOf } from './reading/values.ts'

const SHEET = /^(?:userMessageTemplate(?:File)?|systemMessage(?:File)?|chainSteps)[ \t]*:/m
const SECTION = /^##[ \t]+User Message(?: Template)?[ \t]*$/im
const KNOWN = [
  'id',
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

/** Prompts of the claude-prompts server: YAML with its texts beside it, or Markdown with a heading for each. */
export const claudePrompts: SourceFormat = {
  id: 'claude-prompts',
  title: 'claude-prompts',
  claim(files) {
    const sheets = files.filter((file) => /\.ya?ml$/i.test(file.path) && SHEET.test(peek(file)))
    const texts = new Set(sheets.flatMap((file) => namedFiles(file)))
    return files.filter(
      (file) =>
        sheets.includes(file) ||
        texts.has(file.path) ||
        (/\.md$/i.test(file.path) && SECTION.test(peek(file))),
    )
  },
  read(files) {
    const texts = textsByPath(files)
    const sheets = files.filter(({ path }) => /\.ya?ml$/i.test(path))
    const named = new Set(sheets.flatMap((file) => namedFiles(file)))
    const pages = files.filter(({ path }) => /\.md$/i.test(path) && !named.has(path))
    return [...eachText(sheets, (file) => readSheet(file, texts)), ...eachText(pages, readPage)]
  },
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
    category: wordOf(fields.category),
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

/** The older form: a heading for the title, then one for each message. */
function readPage({ path, text }: TextFile): ReadItem {
  const sections = sectionsOf(text)
  const heading = /^#[ \t]+(.+)$/m.exec(text)
  const at = heading === null ? 0 : heading.index + heading[0].length
  const description = text
    .slice(at, text.search(/^##[ \t]/m))
    .replace(/^\*\*Description\*\*:[ \t]*/im, '')
    .trim()
  const name = nameFromPath(path)
  const messages = [
    ...messageOf('system', sections.get('system') ?? { none: true }),
    ...messageOf('user', sections.get('user') ?? { none: true }),
  ]
  if (messages.length === 0)
    return refused({ path }, name, [{ message: 'No text stands below its headings' }])
  return itemOf(
    path,
    name,
    { title: heading?.[1]?.trim(), ...(description === '' ? {} : { description }) },
    messages,
  )
}

function sectionsOf(text: string): Map<'system' | 'user', SourceText> {
  const heads = [
    ...text.matchAll(
      /^##[ \t]+(System Message|User Message(?: Template)?|Arguments|Chain Steps|Gate Configuration)[ \t]*$/gim,
    ),
  ]
  return new Map(
    heads.flatMap(({ index, 0: all, 1: title = '' }, place): ['system' | 'user', SourceText][] => {
      const key = /^system/i.test(title) ? 'system' : /^user/i.test(title) ? 'user' : undefined
      const raw = text.slice(index + all.length, heads[place + 1]?.index ?? text.length)
      const content = raw.trim()
      const offset = text.slice(0, index + all.length + raw.indexOf(content)).split('\n').length - 1
      return key === undefined ? [] : [[key, { text: content, language: 'nunjucks', line: below(offset) }]]
    }),
  )
}

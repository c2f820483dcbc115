import type { Json } from '../../liquid/json.ts'
import type { ReadItem, ReadOptions, SourceFile, SourceFormat } from '../source.ts'
import { isChat, readChat } from './reading/chat.ts'
import type { SourceContent } from './reading/content.ts'
import { readCsv, separatorOf } from './reading/csv.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { readJson } from './reading/document.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { guessLanguage } from './reading/guess-language.ts'
import { withPlaces } from './reading/named-places.ts'
import { nameFromPath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import {
  asJson,
  type Fields,
  fieldsOf,
  isEmpty,
  isFields,
  listOf,
  wordOf,
  wordsOf,
} from './reading/values.ts'

/** Most rows of a table: as many files as an import takes. */
const MOST_ROWS = 10_001

/** What columns are called, by what they hold; the first that a table has counts. */
const COLUMNS = {
  name: ['name', 'act', 'id', 'slug', 'key', 'prompt_name', 'title'],
  text: [
    'prompt',
    'text',
    'content',
    'template',
    'prompt_text',
    'body',
    'system_prompt',
    'instructions',
    'instruction',
    'messages',
  ],
  title: ['title', 'act'],
  description: ['description', 'summary', 'purpose'],
  category: ['category', 'group', 'folder'],
  tags: ['tags', 'labels', 'keywords'],
} as const satisfies Readonly<Record<string, readonly string[]>>
type Column = keyof typeof COLUMNS
type Chosen = Partial<Record<Column, string>>

/** Tables: CSV with a head, JSON of a line for each prompt, and a list of objects in JSON. */
export const tables: SourceFormat = {
  id: 'table',
  title: 'CSV, JSON Lines and lists in JSON',
  claim: (files) => files.filter(isTable),
  read: (files, options) => eachText(files, (file) => readTable(file, options)),
}

function isTable(file: SourceFile): boolean {
  if (/\.(?:csv|tsv|jsonl|ndjson)$/i.test(file.path)) return true
  if (!/\.json$/i.test(file.path)) return false
  const text = peek(file)
  if (!/^\s*(?:\[|\{\s*"prompts"\s*:\s*\[)/.test(text)) return false
  const data = readJson(text)
  return !('fault' in data) && recordsOf(data.value).length > 0
}

/** A list of objects that each have a name and a text. */
function recordsOf(value: unknown): Fields[] {
  const list = Array.isArray(value) ? value : listOf(fieldsOf(value).prompts)
  const [first] = list
  if (!isFields(first) || !list.every(isFields)) return []
  const { name, text } = columnsOf(Object.keys(first), {})
  return name === undefined || text === undefined || !isText(first[text]) ? [] : list
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || isChat(value)
}

interface Row {
  line?: number
  number: number
  fields: Fields
}

function readTable({ path, text }: TextFile, options: ReadOptions): ReadItem[] {
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return readLines({ path, text }, options)
  if (/\.json$/i.test(path)) return readList({ path, text }, options)
  const { rows, fault } = readCsv(text, /\.tsv$/i.test(path) ? '\t' : separatorOf(text), MOST_ROWS)
  const [head, ...others] = rows
  const names = head?.cells.map((cell) => cell.trim()) ?? []
  const items = others.map(
    ({ line, cells }, index): Row => ({
      line,
      number: index + 1,
      fields: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])),
    }),
  )
  const read = readRows(path, names, items, options)
  return fault === undefined
    ? read
    : [
        ...read,
        refused({ path, ...(fault.line === undefined ? {} : { line: fault.line }) }, nameFromPath(path), [
          fault,
        ]),
      ]
}

function readList({ path, text }: TextFile, options: ReadOptions): ReadItem[] {
  const data = readJson(text)
  if ('fault' in data) return [refused({ path }, nameFromPath(path), [data.fault])]
  const list = recordsOf(data.value)
  const at = Array.isArray(data.value) ? [] : ['prompts']
  const rows = list.slice(0, MOST_ROWS).map((fields, index): Row => {
    const line = data.line([...at, index])
    return { ...(line === undefined ? {} : { line }), number: index + 1, fields }
  })
  const read = readRows(path, Object.keys(list[0] ?? {}), rows, options)
  const next = list.length > MOST_ROWS ? data.line([...at, MOST_ROWS]) : undefined
  return list.length > MOST_ROWS ? [...read, tooMany(path, next)] : read
}

function readLines({ path, text }: TextFile, options: ReadOptions): ReadItem[] {
  const lines = text.split('\n')
  const broken: ReadItem[] = lines.slice(MOST_ROWS).some((each) => each.trim() !== '')
    ? [tooMany(path, MOST_ROWS + 1)]
    : []
  const rows = lines.slice(0, MOST_ROWS).flatMap((each, index): Row[] => {
    if (each.trim() === '') return []
    const data = readJson(each, index)
    if (!('fault' in data) && isFields(data.value))
      return [{ line: index + 1, number: index + 1, fields: data.value }]
    const note = 'fault' in data ? data.fault : { line: index + 1, message: 'This line is no JSON object' }
    broken.push(refused({ path, line: index + 1 }, `${nameFromPath(path)}-${index + 1}`, [note]))
    return []
  })
  const names = [...new Set(rows.slice(0, 20).flatMap(({ fields }) => Object.keys(fields)))]
  return [...readRows(path, names, rows, options), ...broken]
}

/** What stands for the rows that are not read. */
function tooMany(path: string, line: number | undefined): ReadItem {
  const at = line === undefined ? {} : { line }
  const message = `Only the first ${MOST_ROWS} rows of a table are read: bring the others in a file of their own`
  return refused({ path, ...at }, nameFromPath(path), [{ ...at, message }])
}

function columnsOf(names: readonly string[], chosen: Readonly<Record<string, string>>): Chosen {
  const lower = new Map(names.map((name) => [name.toLowerCase().replaceAll(/[\s-]+/g, '_'), name]))
  const found = Object.entries(COLUMNS).map(([column, words]) => {
    const own = chosen[column]
    if (own !== undefined) return [column, names.find((name) => name === own)] as const
    return [column, words.map((word) => lower.get(word)).find((name) => name !== undefined)] as const
  })
  return Object.fromEntries(found.filter(([, name]) => name !== undefined))
}

function readRows(
  path: string,
  names: readonly string[],
  rows: readonly Row[],
  { columns = {} }: ReadOptions,
): ReadItem[] {
  const chosen = columnsOf(names, columns)
  const wrong = Object.values(columns).filter((name) => !names.includes(name))
  if (
    wrong.length > 0 ||
    (chosen.text === undefined && !rows.some(({ fields }) => isText(fields.messages)))
  ) {
    const missing = wrong.length > 0 ? `There is no column "${wrong[0]}"` : 'No column holds a text'
    return [
      refused({ path, line: 1 }, nameFromPath(path), [
        { line: 1, message: `${missing}; it has ${names.join(', ') || 'none'}. Choose them with "columns"` },
      ]),
    ]
  }
  return rows.map((row) => readRow(path, row, chosen))
}

function readRow(path: string, { line, number, fields }: Row, chosen: Chosen): ReadItem {
  const at = (column: Column) => (chosen[column] === undefined ? undefined : fields[chosen[column]])
  const name = wordOf(at('name'))?.trim() ?? `${nameFromPath(path)}-${number}`
  const origin = { path, entry: name, ...(line === undefined ? {} : { line }) }
  const value = isText(at('text')) && at('text') !== '' ? at('text') : fields.messages
  const read = contentOf(value, line)
  if (read === undefined)
    return refused(origin, name, [{ ...(line === undefined ? {} : { line }), message: 'It has no text' }])
  const title = wordOf(at('title'))
  return promptItem({
    origin,
    name,
    category: wordOf(at('category')),
    tags: wordsOf(at('tags')),
    notes: read.notes,
    versions: [
      {
        content: read.content,
        declared: read.declared,
        config: restOf(fields, chosen),
        ...said('title', title),
        ...said('description', wordOf(at('description'))),
      },
    ],
  })
}

interface ReadContent {
  content: SourceContent
  declared: DeclaredVariable[]
  notes: ReturnType<typeof readChat>['notes']
}

function contentOf(value: unknown, line: number | undefined): ReadContent | undefined {
  if (Array.isArray(value)) {
    const { messages, notes } = readChat(value, { path: [], language: 'double-braces', data: undefined })
    return messages.length === 0
      ? undefined
      : { content: { messages: messages.map((message) => onLine(message, line)) }, declared: [], notes }
  }
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const { language } = guessLanguage(value)
  if (language === 'none') {
    const { text, names } = withPlaces(
      value,
      /\$\{([A-Za-z][\w ]{0,60})(?::([^{}\n]{0,200}))?\}/g,
      () => line,
    )
    const declared = [...names].map(
      ([name, given]): DeclaredVariable =>
        given === undefined ? { name } : { name, default: given.trim(), required: false },
    )
    return { content: { text }, declared, notes: [] }
  }
  return {
    content: { text: { text: value, language, isGuess: true, line: () => line } },
    declared: [],
    notes: [],
  }
}

type Messages = Extract<SourceContent, { messages: unknown }>['messages']

function onLine(message: Messages[number], line: number | undefined): Messages[number] {
  if (!('content' in message) || !('text' in message.content)) return message
  return { ...message, content: { ...message.content, line: () => line } }
}

/** Other columns go along, as far as somebody may want them. */
function restOf(fields: Fields, chosen: Chosen): Record<string, Json> {
  const used = new Set<string>([...Object.values(chosen), 'messages'])
  const { model, ...rest } = Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => !used.has(key) && value !== '' && value !== null),
  )
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asJson(value)]))
  return {
    ...(wordOf(model) === undefined ? {} : { model: String(model) }),
    ...(isEmpty(kept) ? {} : { table: kept }),
  }
}

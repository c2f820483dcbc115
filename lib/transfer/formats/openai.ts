import type { Json } from '../../liquid/json.ts'
import type { SourceLanguage } from '../convert/convert.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import { isChat, readChat } from './reading/chat.ts'
import type { SourceMessage } from './reading/content.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { type Data, readData } from './reading/document.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { modelConfig } from './reading/model-config.ts'
import { nameFromPath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { asJson, type Fields, fieldsOf, isFields, listOf, wordOf, wordsOf } from './reading/values.ts'

const END = /\.(?:json|ya?ml)$/i
/** What an answer or an account says, and no prompt. */
const OF_ANSWERS = [
  'id',
  'object',
  'name',
  'title',
  'description',
  'tags',
  'created',
  'created_at',
  'updated_at',
  'status',
  'error',
  'output',
  'usage',
  'user',
  'store',
  'stream',
  'previous_response_id',
  'incomplete_details',
  'background',
  'billing',
  'completed_at',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'messages',
  'input',
  'instructions',
  'system',
  'prompt',
  'variables',
  'version',
  'text',
  'project',
  'project_id',
  'organization',
  'is_default',
  'metadata',
]

/** Prompt objects of OpenAI, requests and responses of its APIs, and plain lists of messages, which many tools have. */
export const openai: SourceFormat = {
  id: 'openai',
  title: 'OpenAI prompts and messages',
  claim: (files) => files.filter(isPrompt),
  read: (files) => eachText(files, readFile),
}

function isPrompt(file: SourceFile): boolean {
  if (!END.test(file.path)) return false
  const text = peek(file)
  if (!/["']?role["']?\s*:|["']?instructions["']?\s*:|pmpt_/.test(text)) return false
  const data = readData(file.path, text)
  if ('fault' in data) return /"object"\s*:\s*"(?:prompt|response)"|pmpt_/.test(text)
  return entriesOf(data.value).length > 0
}

type Path = (string | number)[]

function entriesOf(value: unknown): { value: unknown; path: Path }[] {
  if (isEntry(value)) return [{ value, path: [] }]
  const top = fieldsOf(value)
  const key = ['data', 'prompts'].find((each) => Array.isArray(top[each]))
  const list = Array.isArray(value) ? value : key === undefined ? [] : listOf(top[key])
  return list.flatMap((each, index) =>
    isEntry(each) ? [{ value: each, path: key === undefined ? [index] : [key, index] }] : [],
  )
}

function isEntry(value: unknown): boolean {
  if (isChat(value)) return true
  if (!isFields(value)) return false
  if (value.object === 'prompt' || value.object === 'response') return true
  if ((wordOf(value.id) ?? wordOf(fieldsOf(value.prompt).id) ?? '').startsWith('pmpt_')) return true
  if (isChat(value.messages)) return true
  return typeof value.model === 'string' && (typeof value.instructions === 'string' || isChat(value.input))
}

function readFile({ path, text }: TextFile): ReadItem[] {
  const data = readData(path, text)
  const name = nameFromPath(path)
  if ('fault' in data) return [refused({ path }, name, [data.fault])]
  const entries = entriesOf(data.value)
  return entries.map((entry, index) => {
    const own = wordOf(fieldsOf(entry.value).name) ?? (entries.length === 1 ? name : `${name}-${index + 1}`)
    return readEntry(entry, own, { path, data, isSingle: entries.length === 1 })
  })
}

function readEntry(
  { value, path }: { value: unknown; path: Path },
  name: string,
  source: { path: string; data: Data; isSingle: boolean },
): ReadItem {
  const { data, isSingle } = source
  const line = isSingle ? undefined : data.line(path)
  const origin = {
    path: source.path,
    ...(isSingle ? {} : { entry: name }),
    ...(line === undefined ? {} : { line }),
  }
  const fields: Fields = Array.isArray(value) ? { messages: value } : fieldsOf(value)
  const isFilled = fields.object === 'response' && isFields(fieldsOf(fields.prompt).variables)
  const language: SourceLanguage = isFilled ? 'none' : languageOf(value)
  const { messages, notes } = messagesOf(Array.isArray(value) ? { list: value } : fields, {
    data,
    path,
    language,
  })
  if (messages.length === 0) return refused(origin, name, [...notes, { message: textIsElsewhere(fields) }])
  return promptItem({
    origin,
    name,
    tags: wordsOf(fields.tags),
    notes: [
      ...notes,
      ...(isFilled
        ? [{ message: 'Its variables are filled in already: the texts are those that went to the model' }]
        : []),
    ],
    versions: [
      {
        content: { messages },
        declared: isFilled ? [] : declaredIn(fields),
        config: configOf(fields),
        ...said('title', wordOf(fields.title)),
        ...said('description', wordOf(fields.description)),
      },
    ],
  })
}

/** Messages of many tools have templates of Nunjucks in them. */
function languageOf(value: unknown): SourceLanguage {
  const text = JSON.stringify(value)
  return /\{%-?\s*\w|\{#|\{\{[^{}]*\|[^{}]*\}\}/.test(text) ? 'nunjucks' : 'double-braces'
}

function textIsElsewhere(fields: Fields): string {
  const id = wordOf(fieldsOf(fields.prompt).id) ?? wordOf(fields.id)
  return `It names a prompt${id === undefined ? '' : ` (${id})`} and does not hold its text: copy the messages from the dashboard of OpenAI, or a response that used it`
}

interface At {
  data: Data
  path: Path
  language: SourceLanguage
}

function messagesOf(fields: Fields, at: At): { messages: SourceMessage[]; notes: SourceNote[] } {
  const notes: SourceNote[] = []
  const add = (value: unknown, role: 'system' | 'user', path: Path): SourceMessage[] => {
    const place = { data: at.data, path: [...at.path, ...path], language: at.language }
    if (typeof value === 'string' && value.trim() !== '')
      return [{ role, content: { text: value, language: at.language, line: at.data.lines(place.path) } }]
    if (!Array.isArray(value)) return []
    const isParts = value.every(
      (part) => isFields(part) && part.role === undefined && typeof part.text === 'string',
    )
    const read = readChat(isParts ? [{ role, content: value }] : value, place)
    notes.push(...read.notes)
    return read.messages
  }
  const messages = [
    ...add(fields.list, 'user', []),
    ...add(fields.instructions, 'system', ['instructions']),
    ...add(fields.system, 'system', ['system']),
    ...add(fields.messages, 'user', ['messages']),
    ...add(fields.input, 'user', ['input']),
    ...(isFields(fields.prompt)
      ? add(fields.prompt.messages, 'user', ['prompt', 'messages'])
      : add(fields.prompt, 'user', ['prompt'])),
  ]
  return { messages, notes }
}

/** Variables of a prompt object: values to try it with, or a description of each. */
function declaredIn({ variables }: Fields): DeclaredVariable[] {
  const entries: [string, unknown][] = Array.isArray(variables)
    ? variables.flatMap((each) =>
        typeof each === 'string'
          ? [[each, undefined]]
          : wordOf(fieldsOf(each).name) === undefined
            ? []
            : [[String(fieldsOf(each).name), each]],
      )
    : Object.entries(fieldsOf(variables))
  return entries.map(([name, value]) => {
    const { description, default: given = value, example = given } = fieldsOf(value)
    const shown = isFields(value) ? example : value
    return {
      name,
      ...(typeof description === 'string' ? { description } : {}),
      ...(typeof shown === 'string' && shown !== '' ? { example: shown } : {}),
    }
  })
}

function configOf(fields: Fields): Record<string, Json> {
  const { format, ...text } = fieldsOf(fields.text)
  const rest = Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => !OF_ANSWERS.includes(key) && value !== null),
  )
  const answer = fields.response_format ?? (fieldsOf(format).type === 'text' ? undefined : format)
  const tools = listOf(fields.tools).length > 0 ? fields.tools : undefined
  const { response_format: _, tools: __, ...settings } = rest
  const id = (wordOf(fields.id) ?? '').startsWith('pmpt_') ? fields.id : fieldsOf(fields.prompt).id
  return modelConfig(
    'openai',
    { ...settings, tools, response_format: answer === undefined ? undefined : asJson(answer) },
    { id, text, metadata: fields.metadata },
  )
}

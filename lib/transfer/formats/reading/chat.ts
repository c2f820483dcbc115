import { isVariableName } from '../../../liquid/name-rules.ts'
import type { ContentPart } from '../../../prompts/content/content.ts'
import type { SourceLanguage } from '../../convert/convert.ts'
import type { SourceNote } from '../../source.ts'
import type { Role, SourceMessage, SourcePart, SourceText } from './content.ts'
import type { Data, DocumentPath } from './document.ts'
import { type Fields, fieldsOf, isFields, listOf, wordOf } from './values.ts'

const ROLES: ReadonlyMap<string, Role> = new Map(
  Object.entries<Role>({
    system: 'system',
    developer: 'system',
    user: 'user',
    human: 'user',
    assistant: 'assistant',
    ai: 'assistant',
    model: 'assistant',
    bot: 'assistant',
  }),
)

/** The role that a word of another tool means; undefined: none that a prompt can have. */
export function roleOf(word: unknown): Role | undefined {
  return typeof word === 'string' ? ROLES.get(word.trim().toLowerCase()) : undefined
}

/** Whether a value is a list of messages, each with a role and a content. */
export function isChat(value: unknown): boolean {
  const isMessage = (each: unknown) =>
    isFields(each) &&
    (isPlaceholder(each) ||
      (roleOf(each.role) !== undefined &&
        (typeof each.content === 'string' || Array.isArray(each.content) || Array.isArray(each.parts))))
  return (
    Array.isArray(value) && value.some(isMessage) && value.every((each) => isMessage(each) || isOther(each))
  )
}

function isPlaceholder({ type, name }: Fields): boolean {
  return type === 'placeholder' && typeof name === 'string'
}

/** Messages that a talk with tools has, beside those that a prompt can have. */
function isOther(value: unknown): boolean {
  return isFields(value) && (typeof value.role === 'string' || typeof value.type === 'string')
}

/** Messages of a talk as a file has them, and what they lose. */
export interface ReadChat {
  messages: SourceMessage[]
  notes: SourceNote[]
}

/** Where the texts of a chat stand, and in which language they are. */
export interface ChatPlace {
  data?: Data | undefined
  path: DocumentPath
  language: SourceLanguage
}

/** Reads messages in the form of OpenAI, which most tools share. */
export function readChat(list: readonly unknown[], place: ChatPlace): ReadChat {
  const notes: SourceNote[] = []
  const messages = list.flatMap((entry, index): SourceMessage[] => {
    const path = [...place.path, index]
    const tell = (message: string) => notes.push(noteAt(place.data, path, `Message ${index + 1} ${message}`))
    const message = fieldsOf(entry)
    if (isPlaceholder(message)) return placeholder(String(message.name), tell)
    const role = roleOf(message.role)
    if (role === undefined) {
      tell(
        `is of ${wordOf(message.role) ?? wordOf(message.type) ?? 'no role'}, which a prompt does not have; it is left out`,
      )
      return []
    }
    if (listOf(message.tool_calls).length > 0) tell('calls tools; the calls are left out')
    const key = message.content === undefined ? 'parts' : 'content'
    return withContent(role, message[key], { ...place, path: [...path, key] }, tell)
  })
  return { messages, notes }
}

function placeholder(name: string, tell: (message: string) => void): SourceMessage[] {
  if (isVariableName(name)) return [{ placeholder: name }]
  const allowed = name.replaceAll(/\W+/g, '_').replace(/^[^a-zA-Z]+/, '')
  if (!isVariableName(allowed)) {
    tell(`is a place for messages whose name "${name}" is not allowed; it is left out`)
    return []
  }
  tell(`is a place for messages; its name "${name}" becomes ${allowed}`)
  return [{ placeholder: allowed }]
}

function withContent(
  role: Role,
  content: unknown,
  place: ChatPlace,
  tell: (message: string) => void,
): SourceMessage[] {
  if (typeof content === 'string') return [{ role, content: sourceText(content, place) }]
  const parts = listOf(content).flatMap((part, index): SourcePart[] => {
    const read = readPart(part, { ...place, path: [...place.path, index] })
    if (read === undefined)
      tell(`has a part of the kind ${wordOf(fieldsOf(part).type) ?? 'unknown'}; it is left out`)
    return read === undefined ? [] : [read]
  })
  const [first] = parts
  if (first === undefined) {
    tell('has no text; it is left out')
    return []
  }
  return [{ role, content: parts.length === 1 && 'text' in first ? first.text : parts }]
}

function sourceText(text: string, { data, path, language }: ChatPlace): SourceText {
  return { text, language, line: data?.lines(path) }
}

function readPart(value: unknown, place: ChatPlace): SourcePart | undefined {
  if (typeof value === 'string') return { text: sourceText(value, place) }
  const part = fieldsOf(value)
  if (typeof part.text === 'string')
    return { text: sourceText(part.text, { ...place, path: [...place.path, 'text'] }) }
  const url = wordOf(fieldsOf(part.image_url).url) ?? wordOf(part.image_url)
  return url === undefined ? undefined : imagePart(url)
}

const DATA_URL = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/=]+)$/
const PLAIN_URL = /^(?:https?:\/\/[^{}]*|\{\{\s*[A-Za-z]\w*\s*\}\})$/

/** An image in the message, or a link to one; a link may be a variable. */
export function imagePart(url: string): SourcePart | undefined {
  const [, mimeType, data] = DATA_URL.exec(url) ?? []
  if (mimeType !== undefined && data !== undefined) return { part: { type: 'image', data, mimeType } }
  if (!PLAIN_URL.test(url)) return undefined
  const part: ContentPart = { type: 'resource_link', uri: url, name: 'image' }
  return { part }
}

export function noteAt(data: Data | undefined, path: DocumentPath, message: string): SourceNote {
  const line = data?.line(path)
  return line === undefined ? { message } : { line, message }
}

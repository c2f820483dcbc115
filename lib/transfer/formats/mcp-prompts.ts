import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import { isChat, readChat } from './reading/chat.ts'
import type { SourceMessage, SourceText } from './reading/content.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { type Data, readJson } from './reading/document.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { withPlaces } from './reading/named-places.ts'
import { nameFromPath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { type Fields, fieldsOf, isFields, listOf, wordOf } from './reading/values.ts'

/** Prompts of another MCP server: its answers to `prompts/list` and `prompts/get`, joined by an import by address. */
export const mcpPrompts: SourceFormat = {
  id: 'mcp',
  title: 'Prompts of an MCP server',
  claim: (files) => files.filter(isListing),
  read: (files) => eachText(files, readListing),
}

function isListing(file: SourceFile): boolean {
  if (!/\.json$/i.test(file.path)) return false
  const text = peek(file)
  if (!/"prompts"\s*:\s*\[/.test(text) || !/"arguments"|"messages"/.test(text)) return false
  const data = readJson(text)
  return !('fault' in data) && entriesOf(data).list.length > 0
}

function entriesOf({ value }: Data): { list: Fields[]; path: string[] } {
  const top = fieldsOf(value)
  const inResult = isFields(top.result)
  const holder = inResult ? fieldsOf(top.result) : top
  const list = listOf(holder.prompts).filter(isFields)
  const isRight = list.every(
    (prompt) =>
      typeof prompt.name === 'string' && (Array.isArray(prompt.arguments) || Array.isArray(prompt.messages)),
  )
  return { list: isRight ? list : [], path: inResult ? ['result', 'prompts'] : ['prompts'] }
}

function readListing({ path, text }: TextFile): ReadItem[] {
  const data = readJson(text)
  if ('fault' in data) return [refused({ path }, nameFromPath(path), [data.fault])]
  const { list, path: at } = entriesOf(data)
  const mark = wordOf(fieldsOf(data.value).mark)
  return list.map((prompt, index) => readPrompt(prompt, data, { path, at: [...at, index], mark }))
}

interface Place {
  path: string
  at: (string | number)[]
  /** What the values of arguments were made of when the prompts were fetched. */
  mark: string | undefined
}

function readPrompt(prompt: Fields, data: Data, { path, at, mark }: Place): ReadItem {
  const name = String(prompt.name)
  const line = data.line(at)
  const place = line === undefined ? {} : { line }
  const origin = { path, entry: name, ...place }
  const messages = listOf(prompt.messages).map((message) => {
    const { role, content } = fieldsOf(message)
    return { role, content: isFields(content) ? [content] : content }
  })
  if (!isChat(messages))
    return refused(origin, name, [{ ...place, message: wordOf(prompt.error) ?? NO_TEXTS }])
  const declared = listOf(prompt.arguments).flatMap(argument)
  const chat = readChat(messages, { data: undefined, path: [], language: 'double-braces' })
  const marked =
    mark === undefined ? chat.messages : chat.messages.map((message) => withNames(message, mark, declared))
  const unseen =
    mark === undefined
      ? []
      : declared.filter((_, index) => !JSON.stringify(messages).includes(`${mark}x${index}x`))
  return promptItem({
    origin,
    name,
    notes: [...chat.notes, ...notesOf(unseen, declared, mark)],
    versions: [
      {
        content: { messages: marked },
        declared: declared.filter((variable) => !unseen.includes(variable)),
        ...said('title', wordOf(prompt.title)),
        ...said('description', wordOf(prompt.description)),
      },
    ],
  })
}

const NO_TEXTS =
  'A listing has the names and arguments of prompts, not their texts: import by the address of the server'

/** Puts variables where the marks of arguments came back; all else is what the server says, braces included. */
function withNames(
  message: SourceMessage,
  mark: string,
  declared: readonly DeclaredVariable[],
): SourceMessage {
  if ('placeholder' in message) return message
  const named = ({ text }: SourceText): SourceText =>
    withPlaces(
      text,
      new RegExp(`${mark}x(\\d{1,3})x`, 'g'),
      undefined,
      (index) => declared[Number(index)]?.name,
    ).text
  const { role, content } = message
  if ('text' in content) return { role, content: named(content) }
  return { role, content: content.map((part) => ('text' in part ? { text: named(part.text) } : part)) }
}

function notesOf(
  unseen: readonly DeclaredVariable[],
  declared: readonly DeclaredVariable[],
  mark: string | undefined,
): SourceNote[] {
  const isDecided = mark !== undefined && declared.some(({ required }) => required === false)
  return [
    ...unseen.map(({ name }) => ({
      message: `The argument "${name}" does not stand in the text that the server gave; it is left out`,
    })),
    ...(isDecided
      ? [
          {
            message:
              'The text is what the server gives with all arguments; what it leaves out without some of them is not known',
          },
        ]
      : []),
  ]
}

function argument(value: unknown): DeclaredVariable[] {
  const { name, description, required } = fieldsOf(value)
  if (typeof name !== 'string') return []
  return [
    {
      name,
      required: required === true,
      ...(typeof description === 'string' && description !== '' ? { description } : {}),
    },
  ]
}

import type { ReadItem, SourceFile, SourceFormat } from '../source.ts'
import { isChat, readChat } from './reading/chat.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { type Data, readJson } from './reading/document.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
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
  return list.map((prompt, index) => readPrompt(prompt, data, { path, at: [...at, index] }))
}

function readPrompt(
  prompt: Fields,
  data: Data,
  { path, at }: { path: string; at: (string | number)[] },
): ReadItem {
  const name = String(prompt.name)
  const line = data.line(at)
  const origin = { path, entry: name, ...(line === undefined ? {} : { line }) }
  const messages = listOf(prompt.messages).map((message) => {
    const { role, content } = fieldsOf(message)
    return { role, content: isFields(content) ? [content] : content }
  })
  if (!isChat(messages))
    return refused(origin, name, [
      {
        ...(line === undefined ? {} : { line }),
        message:
          'A listing has the names and arguments of prompts, not their texts: import by the address of the server',
      },
    ])
  const chat = readChat(messages, { data: undefined, path: [], language: 'double-braces' })
  return promptItem({
    origin,
    name,
    notes: chat.notes,
    versions: [
      {
        content: { messages: chat.messages },
        declared: listOf(prompt.arguments).flatMap(argument),
        ...said('title', wordOf(prompt.title)),
        ...said('description', wordOf(prompt.description)),
      },
    ],
  })
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

import type { Place } from '#lib/liquid/types.ts'
import type { ContentPart, Message } from '#lib/prompts/content/content.ts'
import { type Draft, type DraftMessage, type FieldPath, textAt, type VariableRow } from './draft.ts'

/** Everything that can happen to a draft. */
export type DraftChange =
  | { type: 'reset'; draft: Draft }
  | { type: 'set'; fields: Partial<Pick<Draft, 'title' | 'description' | 'config' | 'publish'>> }
  | { type: 'text'; path: FieldPath; text: string }
  | { type: 'kind'; kind: Draft['kind']; id: string }
  | { type: 'format'; format: Draft['format'] }
  | { type: 'placeholder'; id: string; fields: Partial<NonNullable<DraftMessage['placeholder']>> }
  /** One text becomes the messages that it holds. */
  | { type: 'split'; messages: readonly DraftMessage[] }
  | { type: 'message-role'; id: string; role: Message['role'] }
  | { type: 'message-add'; message: DraftMessage; at?: number }
  | { type: 'message-remove'; id: string }
  | { type: 'message-move'; id: string; to: number }
  | { type: 'parts-add'; id: string; parts: readonly ContentPart[] }
  | { type: 'part-remove'; id: string; part: number }
  | { type: 'variable'; id: string; fields: Partial<VariableRow> }
  | { type: 'variable-add'; rows: readonly VariableRow[]; at?: number }
  | { type: 'variable-remove'; id: string }
  | { type: 'variable-rename'; id: string; name: string; places: readonly Place[] }

/** The draft after a change; the same object when nothing changed. */
export function changeDraft(draft: Draft, change: DraftChange): Draft {
  const { messages, variables } = draft
  switch (change.type) {
    case 'reset':
      return change.draft
    case 'set':
      return { ...draft, ...change.fields }
    case 'text':
      return withText(draft, change.path, change.text)
    case 'kind':
      return change.kind === draft.kind ? draft : ofOtherKind(draft, change.id)
    case 'format':
      return change.format === draft.format ? draft : { ...draft, format: change.format }
    case 'placeholder':
      return withPlaceholder(draft, change.id, change.fields)
    case 'split':
      return { ...draft, kind: 'chat', messages: change.messages }
    case 'message-role':
      return { ...draft, messages: edited(messages, change.id, (each) => ({ ...each, role: change.role })) }
    case 'message-add':
      return { ...draft, messages: messages.toSpliced(change.at ?? messages.length, 0, change.message) }
    case 'message-remove':
      return { ...draft, messages: messages.filter(({ id }) => id !== change.id) }
    case 'message-move':
      return { ...draft, messages: moved(messages, change.id, change.to) }
    case 'parts-add':
      return { ...draft, messages: edited(messages, change.id, (each) => withParts(each, change.parts)) }
    case 'part-remove':
      return { ...draft, messages: edited(messages, change.id, (each) => withoutPart(each, change.part)) }
    case 'variable':
      return { ...draft, variables: edited(variables, change.id, (row) => ({ ...row, ...change.fields })) }
    case 'variable-add':
      return { ...draft, variables: variables.toSpliced(change.at ?? variables.length, 0, ...change.rows) }
    case 'variable-remove':
      return { ...draft, variables: variables.filter(({ id }) => id !== change.id) }
    case 'variable-rename':
      return renamed(draft, change.id, change.name, change.places)
  }
}

/** A renamed placeholder renames its declaration, too. */
function withPlaceholder(
  draft: Draft,
  id: string,
  fields: Partial<NonNullable<DraftMessage['placeholder']>>,
): Draft {
  const old = draft.messages.find((each) => each.id === id)?.placeholder
  if (old === undefined) return draft
  const placeholder = { ...old, ...fields }
  const { name, required } = placeholder
  return {
    ...draft,
    messages: edited(draft.messages, id, (each) => ({ ...each, placeholder })),
    variables: draft.variables.map((row) =>
      row.type === 'messages' && row.name === old.name ? { ...row, name, required } : row,
    ),
  }
}

function edited<T extends { id: string }>(rows: readonly T[], id: string, edit: (row: T) => T): T[] {
  return rows.map((row) => (row.id === id ? edit(row) : row))
}

function moved<T extends { id: string }>(rows: readonly T[], id: string, to: number): readonly T[] {
  const from = rows.findIndex((row) => row.id === id)
  const row = rows[from]
  const target = Math.max(0, Math.min(rows.length - 1, to))
  if (row === undefined || from === target) return rows
  return rows.toSpliced(from, 1).toSpliced(target, 0, row)
}

function withText(draft: Draft, path: FieldPath, text: string): Draft {
  if (path[0] === 'template_content') return { ...draft, text }
  const [, index, , part] = path.map(Number)
  return {
    ...draft,
    messages: draft.messages.map((message, at) =>
      at === index
        ? { ...message, content: contentWith(message, path.length > 3 ? part : undefined, text) }
        : message,
    ),
  }
}

function contentWith(
  { content }: DraftMessage,
  part: number | undefined,
  text: string,
): DraftMessage['content'] {
  if (part === undefined || typeof content === 'string') return text
  return content.map((each, at) => {
    if (at !== part) return each
    if (each.type === 'resource_link') return { ...each, uri: text }
    return each.type === 'text' ? { ...each, text } : each
  })
}

/** A single text becomes the first part, unless it is empty. */
function withParts(message: DraftMessage, parts: readonly ContentPart[]): DraftMessage {
  const { content } = message
  const before: ContentPart[] =
    typeof content !== 'string' ? content : content === '' ? [] : [{ type: 'text', text: content }]
  const [first, ...rest] = [...before, ...parts]
  return first === undefined ? message : { ...message, content: [first, ...rest] }
}

/** A message keeps at least one part: without any it would say nothing that can be stored. */
function withoutPart(message: DraftMessage, part: number): DraftMessage {
  if (typeof message.content === 'string') return message
  const rest = message.content.toSpliced(part, 1)
  return { ...message, content: rest.length === 0 ? '' : rest }
}

/**
 * Text becomes the first message of a chat (an empty text: an empty system message and an empty user message),
 * and messages become one text. The messages are kept beside a text that is still the same, so that going
 * there and back loses neither roles nor attachments.
 */
function ofOtherKind(draft: Draft, id: string): Draft {
  if (draft.kind === 'chat') return { ...draft, kind: 'text', text: textOfMessages(draft.messages) }
  if (draft.messages.length > 0 && textOfMessages(draft.messages) === draft.text)
    return { ...draft, kind: 'chat' }
  const user: DraftMessage = { id, role: 'user', content: draft.text }
  // Most chats begin with both; a system message that stays empty is not saved.
  const system: DraftMessage = { id: `${id} system`, role: 'system', content: '' }
  return { ...draft, kind: 'chat', messages: draft.text === '' ? [system, user] : [user] }
}

/** The texts of messages, one after another. */
function textOfMessages(messages: readonly DraftMessage[]): string {
  return messages
    .filter(({ placeholder }) => placeholder === undefined)
    .map(({ content }) =>
      typeof content === 'string'
        ? content
        : content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n'),
    )
    .join('\n\n')
}

/** Gives a variable another name, in its declaration and at every place where a text uses it. */
function renamed(draft: Draft, id: string, name: string, places: readonly Place[]): Draft {
  const old = draft.variables.find((row) => row.id === id)?.name ?? ''
  const variables = edited(draft.variables, id, (row) => ({ ...row, name }))
  let changed: Draft = { ...draft, variables }
  // From the last place to the first, so that those before it stay where they are.
  const backwards = places.toSorted((left, right) => right.range.start - left.range.start)
  for (const { path, range } of backwards) changed = replaceAt(changed, path, range.start, old, name)
  return changed
}

function replaceAt(draft: Draft, path: FieldPath, start: number, old: string, name: string): Draft {
  const text = textAt(draft, path)
  if (old === '' || text?.slice(start, start + old.length) !== old) return draft
  return withText(draft, path, text.slice(0, start) + name + text.slice(start + old.length))
}

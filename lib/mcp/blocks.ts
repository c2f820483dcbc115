import type { ContentPart, Message } from '../prompts/content/content.ts'
import { hasAudio, hasResourceLinks, type Revision } from './transport/message.ts'

/** A content block of the protocol. Ours have the same shape, so most pass through as they are. */
export type Block = Record<string, unknown> & { type: string }

export interface PromptMessage {
  role: 'user' | 'assistant'
  content: Block
}

/**
 * A prompt's messages as the protocol has them: one block each, no `system` role. A message of several
 * parts becomes as many messages of its role, and `system` is said by the user, as its place in the
 * conversation (the first, where prompts put it) already tells.
 */
export function toPromptMessages(messages: readonly Message[], revision: Revision): PromptMessage[] {
  return messages.flatMap(({ role, content }) =>
    toBlocks(content, revision).map((block) => ({
      role: role === 'assistant' ? ('assistant' as const) : ('user' as const),
      content: block,
    })),
  )
}

/**
 * The same messages as the content of a tool's answer: the texts first, since some clients read no further. It
 * knows no roles, so where a conversation has several, each text says whose it is.
 */
export function toToolContent(messages: readonly Message[], revision: Revision): Block[] {
  const isConversation = new Set(messages.map(({ role }) => role)).size > 1
  const blocks = messages.flatMap(({ role, content }) => {
    const [first, ...rest] = toBlocks(content, revision)
    if (first === undefined) return []
    return isConversation && typeof first.text === 'string'
      ? [textBlock(`[${role}]\n${first.text}`), ...rest]
      : [first, ...rest]
  })
  return [...blocks.filter(isText), ...blocks.filter((block) => !isText(block))]
}

function isText({ type }: Block): boolean {
  return type === 'text'
}

/** A message's content as blocks; a kind that the revision lacks becomes text. */
function toBlocks(content: Message['content'], revision: Revision): Block[] {
  if (typeof content === 'string') return [textBlock(content)]
  return content.map((part) => toBlock(part, revision))
}

export function textBlock(text: string): Block {
  return { type: 'text', text }
}

function toBlock(part: ContentPart, revision: Revision): Block {
  switch (part.type) {
    case 'text':
    case 'image':
    case 'resource':
      return part
    case 'audio':
      return hasAudio(revision)
        ? part
        : textBlock(`[audio, ${part.mimeType}, ${byteLength(part.data)} bytes]`)
    case 'resource_link':
      return hasResourceLinks(revision) ? part : textBlock(linkText(part))
  }
}

function byteLength(base64: string): number {
  return Buffer.byteLength(base64, 'base64')
}

function linkText(link: ContentPart & { type: 'resource_link' }): string {
  const line = `[${link.title ?? link.name}](${link.uri})`
  return link.description === undefined ? line : `${line}: ${link.description}`
}

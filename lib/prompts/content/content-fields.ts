import type { TemplateField } from '../../liquid/types.ts'
import type { ContentPart, Format, Message, Placeholder, PromptContent } from './content.ts'

/** A placeholder and where it is in the content. */
export interface PlaceholderField extends Omit<Placeholder, 'type'> {
  path: (string | number)[]
}

/** The places of a chat for messages that are given at render time, in order. */
export function placeholdersOf(content: PromptContent): PlaceholderField[] {
  if (content.kind === 'text') return []
  return content.messages.flatMap((message, index) => {
    if (!('type' in message)) return []
    const { type: _, ...placeholder } = message
    return [{ ...placeholder, path: ['messages', index] }]
  })
}

/** Every text of a content, in reading order: templates, or literal texts. */
export function templateFields(content: PromptContent): TemplateField[] {
  if (content.kind === 'text') return [{ path: ['template_content'], text: content.template_content }]
  return content.messages.flatMap((message, index) =>
    'type' in message ? [] : messageFields(message, ['messages', index, 'content']),
  )
}

function messageFields(message: Message, path: (string | number)[]): TemplateField[] {
  if (typeof message.content === 'string') return [{ path, text: message.content }]
  return message.content.flatMap((part, index) => partFields(part, [...path, index]))
}

function partFields(part: ContentPart, path: (string | number)[]): TemplateField[] {
  switch (part.type) {
    case 'text':
      return [{ path: [...path, 'text'], text: part.text }]
    case 'resource_link':
      return [{ path: [...path, 'uri'], text: part.uri }]
    case 'resource': {
      const uri = { path: [...path, 'resource', 'uri'], text: part.resource.uri }
      if (part.resource.text === undefined) return [uri]
      return [uri, { path: [...path, 'resource', 'text'], text: part.resource.text }]
    }
    case 'image':
    case 'audio':
      return []
  }
}

/** The same content read as another format. */
export function withFormat(content: PromptContent, format: Format = 'liquid'): PromptContent {
  const { format: _, ...body } = content
  return format === 'text' ? { ...body, format } : body
}

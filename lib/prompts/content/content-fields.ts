import type { ContentPart, Message, PromptContent } from './content.ts'

/** A text in which variables work, and where it is in the content. */
export interface TemplateField {
  path: (string | number)[]
  text: string
}

/** Every templated text of a content, in reading order. */
export function templateFields(content: PromptContent): TemplateField[] {
  if (content.kind === 'text') return [{ path: ['template_content'], text: content.template_content }]
  return content.messages.flatMap((message, index) => messageFields(message, ['messages', index, 'content']))
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

import type { ContentPart, Message } from '../../prompts/content/content.ts'
import type { ModelRequest } from './provider.ts'

/** The configuration's system text and every system message, in this order, as one text. */
export function systemText({ system, messages }: Pick<ModelRequest, 'system' | 'messages'>): string {
  const texts = messages.filter(({ role }) => role === 'system').map(textOf)
  return [system ?? '', ...texts].filter((text) => text !== '').join('\n\n')
}

/** The messages without the system's. */
export function conversation({ messages }: Pick<ModelRequest, 'messages'>): Message[] {
  return messages.filter(({ role }) => role !== 'system')
}

/** What a message says in words; a part that is no text is named in brackets. */
export function textOf({ content }: Message): string {
  return typeof content === 'string' ? content : content.map(partText).join('\n\n')
}

/** A part as text; what has no words is named in brackets. */
export function partText(part: ContentPart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
    case 'audio':
      return `[${part.type} ${part.mimeType}]`
    case 'resource':
      return part.resource.text === undefined
        ? `[resource ${part.resource.uri}]`
        : `${part.resource.uri}\n${part.resource.text}`
    case 'resource_link':
      return linkText(part)
  }
}

function linkText({
  name,
  title,
  uri,
  description,
}: Extract<ContentPart, { type: 'resource_link' }>): string {
  return [`${title ?? name}: ${uri}`, description ?? ''].filter((line) => line !== '').join('\n')
}

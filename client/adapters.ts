import { incipitError } from './http/problem.ts'
import type {
  AnthropicMessages,
  AnthropicPart,
  ContentPart,
  Message,
  OpenAIMessage,
  OpenAIPart,
} from './public.ts'

/**
 * Messages for the chat completions of OpenAI and of what speaks like it.
 * @throws IncipitError for a part that they have no form for
 */
export function openAIMessages({ messages }: { messages: readonly Message[] }): OpenAIMessage[] {
  return messages.map(({ role, content }): OpenAIMessage => {
    if (role === 'user') {
      const parts = typeof content === 'string' ? content : content.map(openAIPart)
      return { role, content: parts }
    }
    return { role, content: textOf(content, role) }
  })
}

/**
 * System text and messages for the messages of Anthropic.
 * @throws IncipitError for a part that they have no form for
 */
export function anthropicMessages({ messages }: { messages: readonly Message[] }): AnthropicMessages {
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => textOf(content, 'system'))
  const others = messages.flatMap(({ role, content }): AnthropicMessages['messages'] =>
    role === 'system'
      ? []
      : [{ role, content: typeof content === 'string' ? content : content.map(anthropicPart) }],
  )
  return { ...(system.length > 0 && { system: system.join('\n\n') }), messages: others }
}

function openAIPart(part: ContentPart): OpenAIPart {
  switch (part.type) {
    case 'image':
      return { type: 'image_url', image_url: { url: `data:${part.mimeType};base64,${part.data}` } }
    case 'audio': {
      const format = { 'audio/wav': 'wav', 'audio/mpeg': 'mp3', 'audio/mp3': 'mp3' } as const
      const known = format[part.mimeType as keyof typeof format]
      if (known === undefined) throw noForm(part.mimeType, 'OpenAI')
      return { type: 'input_audio', input_audio: { data: part.data, format: known } }
    }
    default:
      return { type: 'text', text: textOfPart(part) }
  }
}

const PICTURES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const

function anthropicPart(part: ContentPart): AnthropicPart {
  if (part.type === 'audio') throw noForm(part.mimeType, 'Anthropic')
  if (part.type !== 'image') return { type: 'text', text: textOfPart(part) }
  const type = PICTURES.find((each) => each === part.mimeType)
  if (type === undefined) throw noForm(part.mimeType, 'Anthropic')
  return { type: 'image', source: { type: 'base64', media_type: type, data: part.data } }
}

function textOf(content: Message['content'], role: string): string {
  if (typeof content === 'string') return content
  return content
    .map((part) => {
      if (part.type === 'image' || part.type === 'audio')
        throw noForm(`${part.type} of the ${role}`, 'a model')
      return textOfPart(part)
    })
    .join('\n')
}

function textOfPart(part: Exclude<ContentPart, { type: 'image' | 'audio' }>): string {
  if (part.type === 'text') return part.text
  if (part.type === 'resource_link') return `[${part.title ?? part.name}](${part.uri})`
  if (part.resource.text !== undefined) return part.resource.text
  throw noForm(part.resource.mimeType ?? 'bytes of a resource', 'a model')
}

function noForm(what: string, whom: string) {
  return incipitError('unprocessable', `${what} cannot be sent to ${whom}.`)
}

import type Anthropic from '@anthropic-ai/sdk'
import type { ContentPart, Message } from '../../prompts/content/content.ts'
import type { ToolDefinition } from '../run-settings.ts'
import { dataOf, type PartPlace, refusedPart } from './message-part.ts'
import { partText, systemText, textOf } from './message-text.ts'
import type { ModelRequest } from './provider.ts'

const API = 'The Messages API'
/** The API wants a number; this is enough for most answers, and what is not used costs nothing. */
const USUAL_MAX_TOKENS = 8_192

/** The body of a request. System messages go before the conversation, wherever they stood. */
export function anthropicBody(request: ModelRequest): Anthropic.MessageCreateParamsStreaming {
  const messages = messagesOf(request)
  const system = systemText(request)
  // The API wants somebody to answer: a system text alone is what is asked.
  const isAlone = messages.length === 0
  return {
    model: request.model,
    max_tokens: request.maxTokens ?? USUAL_MAX_TOKENS,
    messages: isAlone ? [{ role: 'user', content: system }] : messages,
    stream: true,
    ...(system === '' || isAlone ? {} : { system }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(request.stop === undefined ? {} : { stop_sequences: [...request.stop] }),
    ...(request.responseFormat?.type === 'json_schema'
      ? { output_config: { format: { type: 'json_schema', schema: request.responseFormat.schema } } }
      : {}),
    ...(request.tools === undefined ? {} : { tools: request.tools.map(toolOf) }),
  }
}

function toolOf({ name, description, parameters }: ToolDefinition): Anthropic.Tool {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: { ...parameters, type: 'object' },
  }
}

function messagesOf({ messages }: ModelRequest): Anthropic.MessageParam[] {
  return messages.flatMap((message, index) => {
    const { role } = message
    if (role === 'system') return []
    return [{ role, content: contentOf(message, index) }]
  })
}

function contentOf(message: Message, index: number): Anthropic.MessageParam['content'] {
  const { content } = message
  if (typeof content === 'string') return content
  if (content.every((part) => dataOf(part) === undefined)) return textOf(message)
  return content.map((part, n) => blockOf(part, message.role, { message: index + 1, part: n + 1 }))
}

function blockOf(part: ContentPart, role: Message['role'], place: PartPlace): Anthropic.ContentBlockParam {
  const data = dataOf(part)
  if (data === undefined) return { type: 'text', text: partText(part) }
  if (role === 'user' && isImageType(data.mimeType))
    return { type: 'image', source: { type: 'base64', media_type: data.mimeType, data: data.data } }
  if (role === 'user' && data.mimeType === 'application/pdf')
    return {
      type: 'document',
      title: data.name,
      source: { type: 'base64', media_type: data.mimeType, data: data.data },
    }
  throw refusedPart(API, data, place)
}

type ImageType = Anthropic.Base64ImageSource['media_type']

function isImageType(mimeType: string): mimeType is ImageType {
  return /^image\/(jpeg|png|gif|webp)$/.test(mimeType)
}

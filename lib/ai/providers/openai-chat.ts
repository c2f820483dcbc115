import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions'
import type { ContentPart, Message } from '../../prompts/content/content.ts'
import type { ResponseFormat, ToolDefinition } from '../run-settings.ts'
import { dataOf, dataUrl, type PartPlace, refusedPart } from './message-part.ts'
import { partText, textOf } from './message-text.ts'
import { openaiClient } from './openai-client.ts'
import type { Connection, FinishReason, ModelEvent, ModelRequest, ReportedTokens } from './provider.ts'
import { itemsOf, member, requestIdIn, textIn } from './reported.ts'

const API = 'The Chat Completions API'

/** What differs between OpenAI itself and those who speak its API. */
export interface ChatDialect {
  /** How the most tokens of an answer are named. */
  maxTokens: 'max_tokens' | 'max_completion_tokens'
}

/** Streams an answer over the Chat Completions API. */
export async function* generateByChat(
  dialect: ChatDialect,
  connection: Connection,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const client = await openaiClient(connection)
  const body = bodyOf(dialect, request)
  const { data, request_id } = await client.chat.completions.create(body, { signal }).withResponse()
  yield { type: 'started', requestId: requestIdIn(request_id) }
  let reason: FinishReason | undefined
  let tokens: ReportedTokens | undefined
  let model: string | undefined
  for await (const chunk of data) {
    tokens = tokensOf(chunk) ?? tokens
    model ??= requestIdIn(member(chunk, 'model'))
    const [choice] = itemsOf(member(chunk, 'choices'))
    const delta = member(choice, 'delta')
    const text = textIn(member(delta, 'content')) || textIn(member(delta, 'refusal'))
    if (text !== '') yield { type: 'text', text }
    reason = reasonOf(member(choice, 'finish_reason')) ?? reason
    if (reason !== undefined) yield { type: 'whole', reason }
  }
  // Without a reason the answer broke off, however politely; its reader says so.
  if (reason !== undefined) yield { type: 'finished', reason, tokens, model }
}

function bodyOf({ maxTokens }: ChatDialect, request: ModelRequest): ChatCompletionCreateParamsStreaming {
  const system: ChatCompletionMessageParam[] =
    request.system === undefined ? [] : [{ role: 'system', content: request.system }]
  return {
    model: request.model,
    messages: [...system, ...request.messages.map(messageOf)],
    stream: true,
    stream_options: { include_usage: true },
    ...(request.maxTokens === undefined ? {} : { [maxTokens]: request.maxTokens }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(request.stop === undefined ? {} : { stop: [...request.stop] }),
    ...(request.responseFormat === undefined ? {} : { response_format: formatOf(request.responseFormat) }),
    ...(request.tools === undefined ? {} : { tools: request.tools.map(toolOf) }),
  }
}

function formatOf(format: ResponseFormat): ChatCompletionCreateParamsStreaming['response_format'] {
  if (format.type !== 'json_schema') return { type: format.type === 'json' ? 'json_object' : 'text' }
  const { name, schema, strict } = format
  return { type: 'json_schema', json_schema: { name, schema, strict } }
}

function toolOf(tool: ToolDefinition): ChatCompletionTool {
  return { type: 'function', function: { ...tool } }
}

function messageOf(message: Message, index: number): ChatCompletionMessageParam {
  const { role, content } = message
  if (typeof content === 'string' || content.every((part) => dataOf(part) === undefined))
    return { role, content: textOf(message) }
  const place = (part: number) => ({ message: index + 1, part: part + 1 })
  return { role: 'user', content: content.map((part, n) => contentOf(part, role, place(n))) }
}

function contentOf(part: ContentPart, role: Message['role'], place: PartPlace): ChatCompletionContentPart {
  const data = dataOf(part)
  if (data === undefined) return { type: 'text', text: partText(part) }
  if (role !== 'user') throw refusedPart(API, data, place)
  if (data.kind === 'image') return { type: 'image_url', image_url: { url: dataUrl(data) } }
  if (data.kind === 'file') return { type: 'file', file: { filename: data.name, file_data: dataUrl(data) } }
  const format = SOUNDS[data.mimeType]
  if (format === undefined) throw refusedPart(API, data, place)
  return { type: 'input_audio', input_audio: { data: data.data, format } }
}

const SOUNDS: Readonly<Record<string, 'wav' | 'mp3'>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
}

/** Undefined while the answer goes on; servers invent reasons of their own. */
function reasonOf(reason: unknown): FinishReason | undefined {
  if (reason === null || reason === undefined || reason === '') return undefined
  if (reason === 'stop' || reason === 'length' || reason === 'content_filter') return reason
  return reason === 'tool_calls' || reason === 'function_call' ? 'tool_calls' : 'other'
}

function tokensOf(chunk: unknown): ReportedTokens | undefined {
  const usage = member(chunk, 'usage') ?? undefined
  return usage === undefined
    ? undefined
    : { input: member(usage, 'prompt_tokens'), output: member(usage, 'completion_tokens') }
}

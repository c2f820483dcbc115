import type { Responses } from 'openai/resources/responses/responses'
import type { ContentPart, Message } from '../../prompts/content/content.ts'
import type { ResponseFormat, ToolDefinition } from '../run-settings.ts'
import { failureInStream } from './failure-of.ts'
import { dataOf, dataUrl, type PartPlace, refusedPart } from './message-part.ts'
import { partText, textOf } from './message-text.ts'
import { openaiClient } from './openai-client.ts'
import type {
  Connection,
  FinishReason,
  ModelEvent,
  ModelRequest,
  Provider,
  ReportedTokens,
} from './provider.ts'
import { itemsOf, member, requestIdIn, textIn } from './reported.ts'

const API = 'The Responses API'

/** Streams an answer over OpenAI's Responses API. */
export async function* generateByResponses(
  title: string,
  connection: Connection,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const client = await openaiClient(connection)
  const { data, request_id } = await client.responses.create(bodyOf(request), { signal }).withResponse()
  const requestId = requestIdIn(request_id)
  yield { type: 'started', requestId }
  let isRefusal = false
  for await (const event of data) {
    const type = member(event, 'type')
    const response = member(event, 'response')
    if (type === 'response.output_text.delta') yield { type: 'text', text: textIn(member(event, 'delta')) }
    else if (type === 'response.refusal.delta') {
      isRefusal = true
      yield { type: 'text', text: textIn(member(event, 'delta')) }
    } else if (type === 'response.completed' || type === 'response.incomplete') {
      const reason = isRefusal ? 'content_filter' : reasonOf(response)
      yield {
        type: 'finished',
        reason,
        tokens: tokensOf(response),
        model: requestIdIn(member(response, 'model')),
      }
      return
    } else if (type === 'response.failed') {
      const context = { provider: title, hide: connection.apiKey }
      throw failureInStream(member(response, 'error'), context, { requestId })
    }
  }
}

function bodyOf(request: ModelRequest): Responses.ResponseCreateParamsStreaming {
  return {
    model: request.model,
    input: request.messages.map(inputOf),
    stream: true,
    // The app keeps answers itself; it never reads them from the provider again.
    store: false,
    ...(request.system === undefined ? {} : { instructions: request.system }),
    ...(request.maxTokens === undefined ? {} : { max_output_tokens: request.maxTokens }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(request.responseFormat === undefined ? {} : { text: { format: formatOf(request.responseFormat) } }),
    ...(request.tools === undefined ? {} : { tools: request.tools.map(toolOf) }),
  }
}

function formatOf(format: ResponseFormat): Responses.ResponseFormatTextConfig {
  if (format.type !== 'json_schema') return { type: format.type === 'json' ? 'json_object' : 'text' }
  const { name, schema, strict } = format
  return { type: 'json_schema', name, schema, strict }
}

function toolOf(tool: ToolDefinition): Responses.FunctionTool {
  return { type: 'function', strict: false, ...tool }
}

/** What the interfaces of OpenAI cannot do: the newer one has no stop sequences. */
export const refusedByOpenai: Provider['refuses'] = ({ stop }, api) =>
  stop !== undefined && api === 'responses'
    ? [{ setting: 'stop', reason: 'The Responses API has no stop sequences; Chat Completions has' }]
    : []

function inputOf(message: Message, index: number): Responses.EasyInputMessage {
  const { role, content } = message
  if (typeof content === 'string' || content.every((part) => dataOf(part) === undefined))
    return { role, content: textOf(message) }
  const place = (part: number) => ({ message: index + 1, part: part + 1 })
  return { role, content: content.map((part, n) => contentOf(part, role, place(n))) }
}

function contentOf(
  part: ContentPart,
  role: Message['role'],
  place: PartPlace,
): Responses.ResponseInputContent {
  const data = dataOf(part)
  if (data === undefined) return { type: 'input_text', text: partText(part) }
  if (role === 'assistant' || data.kind === 'audio') throw refusedPart(API, data, place)
  return data.kind === 'image'
    ? { type: 'input_image', detail: 'auto', image_url: dataUrl(data) }
    : { type: 'input_file', filename: data.name, file_data: dataUrl(data) }
}

function reasonOf(response: unknown): FinishReason {
  const why = member(member(response, 'incomplete_details'), 'reason') ?? undefined
  if (why === 'max_output_tokens') return 'length'
  if (why === 'content_filter') return 'content_filter'
  if (why !== undefined) return 'other'
  const output = itemsOf(member(response, 'output'))
  return output.some((item) => member(item, 'type') === 'function_call') ? 'tool_calls' : 'stop'
}

function tokensOf(response: unknown): ReportedTokens | undefined {
  const usage = member(response, 'usage') ?? undefined
  return usage === undefined
    ? undefined
    : { input: member(usage, 'input_tokens'), output: member(usage, 'output_tokens') }
}

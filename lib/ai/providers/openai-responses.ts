import type { Responses } from 'openai/resources/responses/responses'
import type { ContentPart, Message } from '../../prompts/content/content.ts'
import { failureInStream } from './failure-of.ts'
import { dataOf, dataUrl, type PartPlace, refusedPart } from './message-part.ts'
import { partText, textOf } from './message-text.ts'
import { openaiClient } from './openai-client.ts'
import type { Connection, FinishReason, ModelEvent, ModelRequest, TokenCount } from './provider.ts'

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
  const requestId = request_id ?? undefined
  yield { type: 'started', requestId }
  let isRefusal = false
  for await (const event of data) {
    if (event.type === 'response.output_text.delta') yield { type: 'text', text: event.delta }
    else if (event.type === 'response.refusal.delta') {
      isRefusal = true
      yield { type: 'text', text: event.delta }
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      const reason = isRefusal ? 'content_filter' : reasonOf(event.response)
      yield { type: 'finished', reason, tokens: tokensOf(event.response) }
      return
    } else if (event.type === 'response.failed')
      throw failureInStream(
        event.response.error ?? {},
        { provider: title, hide: connection.apiKey },
        { requestId },
      )
  }
}

function bodyOf(request: ModelRequest): Responses.ResponseCreateParamsStreaming {
  return {
    model: request.model,
    input: request.messages.map(inputOf),
    stream: true,
    // What we keep is kept here; nobody reads it there again.
    store: false,
    ...(request.system === undefined ? {} : { instructions: request.system }),
    ...(request.maxTokens === undefined ? {} : { max_output_tokens: request.maxTokens }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
  }
}

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

function reasonOf({ incomplete_details, output }: Responses.Response): FinishReason {
  const why = incomplete_details?.reason
  if (why === 'max_output_tokens') return 'length'
  if (why === 'content_filter') return 'content_filter'
  if (why !== undefined) return 'other'
  return output?.some((item) => item.type === 'function_call') ? 'tool_calls' : 'stop'
}

function tokensOf({ usage }: Responses.Response): TokenCount | undefined {
  return usage === undefined || usage === null
    ? undefined
    : { input: usage.input_tokens, output: usage.output_tokens }
}

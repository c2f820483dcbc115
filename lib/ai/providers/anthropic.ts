import type Anthropic from '@anthropic-ai/sdk'
import { anthropicBody } from './anthropic-body.ts'
import { estimateRequest } from './estimate.ts'
import type { Connection, FinishReason, ModelEvent, ModelRequest, Provider, TokenCount } from './provider.ts'

const USUAL_BASE_URL = 'https://api.anthropic.com'
/** Time is measured by the call's own watch; the SDK's limit lies beyond it. */
const SDK_TIMEOUT_MS = 2_000_000_000

/** Anthropic's Messages API. */
export const anthropic: Provider = {
  id: 'anthropic',
  title: 'Anthropic',
  key: { environment: 'ANTHROPIC_API_KEY', required: true },
  baseUrl: { usual: USUAL_BASE_URL, required: false },
  apis: [],
  generate,
  listModels,
  estimate: estimateRequest,
}

/** A client for one call that takes nothing from the environment. Loaded at the first call: it is large. */
async function clientFor({ baseUrl, apiKey, fetch }: Connection): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk')
  return new Client({
    // Any text keeps the SDK from looking for credentials in files; without a key no call is made.
    apiKey: apiKey ?? 'none',
    webhookKey: null,
    baseURL: (baseUrl ?? USUAL_BASE_URL).replace(/\/v1$/, ''),
    // Retries are the functions' business: they count, wait and fall back.
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    fetch,
    logLevel: 'off',
    openTelemetry: false,
  })
}

async function* generate(
  connection: Connection,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const client = await clientFor(connection)
  const { data, request_id } = await client.messages.create(anthropicBody(request), { signal }).withResponse()
  yield { type: 'started', requestId: request_id ?? undefined }
  let reason: FinishReason | undefined
  let tokens: TokenCount | undefined
  for await (const event of data) {
    if (event.type === 'message_start') tokens = counted(event.message.usage)
    else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      yield { type: 'text', text: event.delta.text }
    else if (event.type === 'message_delta') {
      tokens = counted(event.usage, tokens)
      reason = reasonOf(event.delta.stop_reason)
    } else if (event.type === 'message_stop' && reason !== undefined) {
      yield { type: 'finished', reason, tokens }
      return
    }
  }
}

/** Names of its models. */
async function listModels(connection: Connection, signal: AbortSignal): Promise<string[]> {
  const client = await clientFor(connection)
  const names: string[] = []
  for await (const model of client.models.list({ limit: 1000 }, { signal })) names.push(model.id)
  return names.sort()
}

interface Usage {
  input_tokens: number | null
  output_tokens: number
  cache_creation_input_tokens: number | null
  cache_read_input_tokens: number | null
}

/** Each event tells the sum so far; what was written to a cache or read from it was sent as well. */
function counted(usage: Usage | undefined, before?: TokenCount): TokenCount | undefined {
  if (usage === undefined) return before
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  const input = (input_tokens ?? 0) + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
  return { input: input === 0 ? (before?.input ?? 0) : input, output: usage.output_tokens }
}

function reasonOf(reason: Anthropic.StopReason | null): FinishReason | undefined {
  switch (reason) {
    case null:
      return undefined
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool_calls'
    case 'refusal':
      return 'content_filter'
    default:
      return 'other'
  }
}

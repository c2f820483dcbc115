import type Anthropic from '@anthropic-ai/sdk'
import { anthropicBody } from './anthropic-body.ts'
import { estimateRequest } from './estimate.ts'
import type {
  Connection,
  FinishReason,
  ModelEvent,
  ModelRequest,
  Provider,
  ReportedTokens,
} from './provider.ts'
import { countIn, member, requestIdIn, textIn } from './reported.ts'

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
  refuses: ({ response_format: format }) =>
    format?.type === 'json'
      ? [
          {
            setting: 'response_format',
            reason: 'The Messages API knows JSON with a schema alone (json_schema)',
          },
        ]
      : [],
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
  yield { type: 'started', requestId: requestIdIn(request_id) }
  let reason: FinishReason | undefined
  let tokens: ReportedTokens | undefined
  let model: string | undefined
  for await (const event of data) {
    const type = member(event, 'type')
    const delta = member(event, 'delta')
    if (type === 'message_start') {
      const message = member(event, 'message')
      tokens = counted(member(message, 'usage'))
      model = requestIdIn(member(message, 'model'))
    } else if (type === 'content_block_delta' && member(delta, 'type') === 'text_delta')
      yield { type: 'text', text: textIn(member(delta, 'text')) }
    else if (type === 'message_delta') {
      tokens = counted(member(event, 'usage'), tokens)
      reason = reasonOf(member(delta, 'stop_reason')) ?? reason
      if (reason !== undefined) yield { type: 'whole', reason }
    } else if (type === 'message_stop' && reason !== undefined) {
      yield { type: 'finished', reason, tokens, model }
      return
    }
  }
}

/** Names of its models. */
async function listModels(connection: Connection, signal: AbortSignal): Promise<string[]> {
  const client = await clientFor(connection)
  const names: string[] = []
  for await (const model of client.models.list({ limit: 1000 }, { signal }))
    names.push(String(member(model, 'id')))
  return names.sort()
}

/** What was written to a cache or read from it was sent as well. */
const INPUT = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']

/** Each event tells the sum so far; the last one may tell the output alone. */
function counted(usage: unknown, before?: ReportedTokens): ReportedTokens | undefined {
  if (usage === undefined || usage === null) return before
  // One part that is no count makes the sum none.
  const input = INPUT.reduce((sum, name) => sum + (countIn(member(usage, name) ?? 0) ?? Number.NaN), 0)
  return { input: input === 0 ? before?.input : input, output: member(usage, 'output_tokens') }
}

function reasonOf(reason: unknown): FinishReason | undefined {
  switch (reason) {
    case null:
    case undefined:
    case '':
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

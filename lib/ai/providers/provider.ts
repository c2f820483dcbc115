import type { Message } from '../../prompts/content/content.ts'
import type { IgnoredSetting, ResponseFormat, RunSettings, ToolDefinition } from '../run-settings.ts'

/** Interfaces of a provider that has more than one. */
export type ProviderApi = 'responses' | 'chat_completions'

/** How to reach a provider. */
export interface Connection {
  /** Without a trailing slash; undefined: the provider's own. */
  baseUrl: string | undefined
  apiKey: string | undefined
  /** Which of its interfaces; undefined: its usual one. */
  api: ProviderApi | undefined
  /** The only way out: it guards the address and bounds time and size. */
  fetch: typeof fetch
}

/** One call. */
export interface ModelRequest {
  model: string
  /** Rendered; system texts may stand among them. */
  messages: readonly Message[]
  /** Text that goes before every system message. */
  system: string | undefined
  maxTokens: number | undefined
  temperature: number | undefined
  topP: number | undefined
  /** Texts that end the answer. */
  stop?: readonly string[] | undefined
  responseFormat?: ResponseFormat | undefined
  tools?: readonly ToolDefinition[] | undefined
}

export interface TokenCount {
  input: number
  output: number
}

/** Why an answer ended. `length`: at max_tokens or at a limit of ours. */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'other'

/** Tokens as a provider reports them, unchecked: what is no count is estimated. */
export interface ReportedTokens {
  input: unknown
  output: unknown
}

export type ModelEvent =
  | { type: 'started'; requestId: string | undefined }
  | { type: 'text'; text: string }
  /** The text is whole and only its count may follow: whatever goes wrong now, the answer stands. */
  | { type: 'whole'; reason: FinishReason }
  /**
   * Last. Without a count the provider sent none; it is then estimated. `model`: the one that answered, as the
   * provider names it.
   */
  | { type: 'finished'; reason: FinishReason; tokens: ReportedTokens | undefined; model?: string | undefined }

/** What went wrong with a call, in terms that decide what happens next. */
export type FailureKind =
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'timeout'
  | 'unreachable'
  | 'bad_answer'
  | 'too_large'
  | 'unauthorized'
  | 'refused_request'
  | 'blocked_address'
  | 'breaker_open'
  | 'limit_reached'
  | 'quota_exceeded'
  | 'missing_key'

/** What calls throw; recognised by its name and kind, never by instanceof. */
export interface ProviderFailure extends Error {
  readonly name: 'ProviderFailure'
  readonly kind: FailureKind
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** Seconds until then, when the provider said so. */
  readonly retryAfter: number | undefined
  readonly status: number | undefined
  readonly requestId: string | undefined
  /** The message without words of the provider, which may quote what it was sent. */
  readonly summary: string
}

/**
 * A way to models. To add one, write a file that exports a Provider and a line in `registry.ts`.
 */
export interface Provider {
  /** As configurations name it: `openai`. */
  readonly id: string
  /** For people. */
  readonly title: string
  /** How its key comes from the environment; null: it takes none. */
  readonly key: { readonly environment: string | undefined; readonly required: boolean } | null
  /** Its own address; `required`: a configuration must name one; null: it has none. */
  readonly baseUrl: { readonly usual: string | undefined; readonly required: boolean } | null
  /** Its interfaces, the usual one first; empty: it has just one. */
  readonly apis: readonly ProviderApi[]
  /** Where it is no model: said wherever its text is shown. */
  readonly note?: string
  /** Streams an answer; ends when the signal is aborted. @throws ProviderFailure, or what `failure-of.ts` can tell */
  generate(connection: Connection, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
  /** Names of its models. @throws as `generate` */
  listModels(connection: Connection, signal: AbortSignal): Promise<string[]>
  /** What of a version's settings it cannot do over one of its interfaces, and why. */
  refuses(settings: Omit<RunSettings, 'model'>, api: ProviderApi | undefined): IgnoredSetting[]
  /** Tokens of what is sent, about, for reservations and where no count comes back; never too few by much. */
  estimate(request: ModelRequest): number
}

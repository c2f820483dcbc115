/** What the package exports, as types alone: this file becomes its declarations. */

export type Role = 'system' | 'user' | 'assistant'

/** A part of a message, shaped like a content block of the Model Context Protocol. */
export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'image'; data: string; mimeType: string }
  | { type: 'audio'; data: string; mimeType: string }
  | {
      type: 'resource'
      resource: {
        uri: string
        mimeType?: string | undefined
        text?: string | undefined
        blob?: string | undefined
      }
    }
  | { type: 'resource_link'; uri: string; name: string; title?: string | undefined }

export interface Message {
  role: Role
  content: string | ContentPart[]
}

/** The place in a chat for messages that are given at render time, under its name. */
export interface Placeholder {
  type: 'placeholder'
  name: string
  required?: boolean | undefined
}

export interface Variable {
  name: string
  type: 'string' | 'number' | 'integer' | 'boolean' | 'enum' | 'array' | 'object' | 'messages'
  required: boolean
  description?: string
  default?: unknown
  enum?: string[]
  pattern?: string
  min?: number
  max?: number
  example?: unknown
}

/** What of a prompt was included, by the version that was pinned when it was saved. */
export interface IncludedVersion {
  name: string
  version: number
  checksum: string
}

/**
 * Where an answer comes from. `cache`: from memory, without asking or because the server was away; `bundle`: from the
 * files on disk; `fallback`: what the call itself brought along.
 */
export type Source = 'server' | 'cache' | 'bundle' | 'fallback'

/** One version of a prompt, with its source text. */
export interface PromptVersion {
  name: string
  /** 0: of a fallback, or of a file that says none. */
  version: number
  /** The label that chose it; null: its number did. */
  label: string | null
  /** SHA-256 of what is rendered, as the server tells it; empty for a fallback. */
  checksum: string
  kind: 'text' | 'chat'
  template_content?: string | undefined
  messages?: (Message | Placeholder)[] | undefined
  format: 'liquid' | 'text'
  variables: Variable[]
  config: Record<string, unknown>
  title: string
  description: string
  includes: IncludedVersion[]
  source: Source
}

/** A rendered prompt: what the server's own render answers. */
export interface Rendered {
  name: string
  version: number
  label: string | null
  checksum: string
  /** The text; of a chat all messages as one readable text. */
  content: string
  messages: Message[]
  includes: IncludedVersion[]
  warnings: { code: string; message: string }[]
  source: Source
  /** What the version says about a run: model, temperature and whatever else its author put there. */
  config: Record<string, unknown>
  /** Proof of the use, for the outcome; of a local render it arrives when the use was reported. */
  receipt?: string | undefined
}

/** By which version: a label, a number, or a label as it was at a time (ISO 8601). Nothing: the client's label. */
export interface Selector {
  label?: string | undefined
  version?: number | undefined
  at?: string | undefined
}

/** What stands in for a prompt that cannot be had: a text, or a chat. */
export type Fallback =
  | string
  | {
      template_content?: string
      messages?: (Message | Placeholder)[]
      format?: 'liquid' | 'text'
      variables?: (string | (Partial<Variable> & { name: string }))[]
      config?: Record<string, unknown>
    }

export interface CallOptions extends Selector {
  fallback?: Fallback | undefined
  signal?: AbortSignal | undefined
}

export interface RenderOptions extends CallOptions {
  /** `local`: rendered here; `remote`: by the server. */
  where?: 'local' | 'remote' | undefined
}

export interface ClientOptions {
  /** Address of the instance. Default: INCIPIT_URL, else http://localhost:3000 */
  url?: string | undefined
  /** API key. Default: INCIPIT_API_KEY */
  key?: string | undefined
  /** Label of calls that name none. Default: production, or the label that the key is pinned to */
  label?: string | undefined
  /** How your program calls itself in the usage figures, such as `shop/1.4`. */
  name?: string | undefined
  /** Milliseconds in which a version that is in memory is used without asking. Default: 60,000 */
  ttlMs?: number | undefined
  /** Milliseconds after that in which it is still used, and asked for beside. Default: 600,000 */
  staleMs?: number | undefined
  /** Versions in memory. Default: 1,000 */
  cacheEntries?: number | undefined
  /** Hears of changes as they happen; the connection keeps a program running until close(). Default: false */
  follow?: boolean | undefined
  /** Zip of an export, or folder of a pull, that is used while the server is away. */
  bundle?: string | undefined
  /** Where prompts are rendered. Default: local */
  render?: 'local' | 'remote' | undefined
  /** Milliseconds for one attempt. Default: 10,000 */
  timeoutMs?: number | undefined
  /** Attempts after the first, where another one can help. Default: 2 */
  retries?: number | undefined
  /** Whether local renders are counted on the server. Default: true */
  report?: boolean | undefined
  /** Milliseconds between two reports. Default: 5,000 */
  reportMs?: number | undefined
  /** Told of what goes wrong in the background, also of uses and outcomes that are lost: `reports_lost`. */
  onError?: ((error: Error) => void) | undefined
  /** Told when a prompt changed, with `follow`. */
  onChange?: ((name: string) => void) | undefined
  fetch?: typeof fetch | undefined
}

export interface Outcome {
  outcome: 'success' | 'failure'
  /** 0 to 1 */
  score?: number | undefined
  note?: string | undefined
  metadata?: Record<string, unknown> | undefined
}

/** Names of a table of prompts, as `incipit types` writes it. */
export type NameOf<Prompts> = keyof Prompts & string

/** A table in which any prompt takes any variables. */
export type AnyPrompts = Record<string, Record<string, unknown>>

export interface Client<Prompts extends object = AnyPrompts> {
  /** One version with its source text. @throws IncipitError */
  get(name: NameOf<Prompts>, options?: CallOptions): Promise<PromptVersion>
  /**
   * Renders a prompt.
   * @throws IncipitError, with `details` naming each variable that is missing, wrong or unknown
   */
  render<Name extends NameOf<Prompts>>(
    name: Name,
    variables?: Prompts[Name],
    options?: RenderOptions,
  ): Promise<Rendered>
  /** Says what came of a render; it is sent with the next report. `use` may be a receipt, too. */
  outcome(use: Rendered | string, outcome: Outcome): void
  /** Sends what waits to be reported. */
  flush(): Promise<void>
  /** Ends the connection for changes, and sends what waits. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** One thing that is wrong: where, of which kind, and what to do about it. */
export interface ErrorDetail {
  path: (string | number)[]
  code: string
  message: string
  range?: { start: number; end: number; line: number; column: number } | undefined
  hint?: string | undefined
}

/**
 * What calls throw. `code` is the server's (`not_found`, `unprocessable`, `forbidden` …), or `unreachable` and
 * `timeout` where it did not answer.
 */
export interface IncipitError extends Error {
  readonly name: 'IncipitError'
  readonly code: string
  /** Status of HTTP; undefined: there was no answer. */
  readonly status: number | undefined
  readonly details: readonly ErrorDetail[]
  /** Seconds after which the server can be asked again. */
  readonly retryAfter: number | undefined
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined
  /** The other members of the server's answer, such as `labels`. */
  readonly extra: Readonly<Record<string, unknown>>
}

export type CreateClient = <Prompts extends object = AnyPrompts>(options?: ClientOptions) => Client<Prompts>
export type IsIncipitError = (error: unknown) => error is IncipitError

/** A part of a message, as the chat completions of OpenAI take it. */
export type OpenAIPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'input_audio'; input_audio: { data: string; format: 'wav' | 'mp3' } }

/** Messages for `openai.chat.completions.create`. */
export type OpenAIMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | OpenAIPart[] }
  | { role: 'assistant'; content: string }

export type AnthropicPart =
  | { type: 'text'; text: string }
  | {
      type: 'image'
      source: {
        type: 'base64'
        media_type: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp'
        data: string
      }
    }

/** `system` and `messages` for `anthropic.messages.create`. */
export interface AnthropicMessages {
  system?: string
  messages: { role: 'user' | 'assistant'; content: string | AnthropicPart[] }[]
}

export type ToOpenAI = (rendered: { messages: readonly Message[] }) => OpenAIMessage[]
export type ToAnthropic = (rendered: { messages: readonly Message[] }) => AnthropicMessages

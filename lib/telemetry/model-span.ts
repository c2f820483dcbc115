import { scrub } from '../log.ts'
import { spanned } from './observe.ts'
import { type Attributes, type Span, type Tracing, tracing } from './telemetry.ts'

/** One call of a model, before it is made. */
export interface ModelCallFacts {
  /** The id of our provider. */
  provider: string
  model: string
  /** The base URL; undefined: the provider's own. */
  baseUrl: string | undefined
  settings: {
    maxTokens: number | null | undefined
    temperature: number | null | undefined
    topP: number | null | undefined
  }
  prompt: { name: string; version: number } | undefined
  /** Ids of what it belongs to. */
  context: Readonly<Record<string, string | number | undefined>>
  /** Asked for only where texts are wanted. */
  messages: () => readonly SpokenMessage[]
}

export interface SpokenMessage {
  role: string
  text: string
}

/** What came of it. */
export interface ModelAnswerFacts {
  model: string | undefined
  requestId: string | null
  finishReason: string
  inputTokens: number
  outputTokens: number
  firstTokenMs: number | null
  text: string
}

/**
 * Calls a model within a span by the conventions for generative AI. Texts are in it only where that is switched on.
 * @param call gets what the provider is to be told of the trace
 */
export function observeModel<T>(
  facts: ModelCallFacts,
  answerOf: (answer: T) => ModelAnswerFacts,
  call: (headers: Readonly<Record<string, string>> | undefined) => Promise<T>,
): Promise<T> {
  const traces = tracing()
  if (traces === undefined) return call(undefined)
  return spanned(
    traces,
    () => ({ name: `chat ${facts.model}`, kind: 'client', attributes: asked(traces, facts) }),
    async (span) => {
      const answer = await call(span.headers)
      if (span.isOpen) tell(traces, span, answerOf(answer))
      return answer
    },
  )
}

function asked({ oldNames, content }: Tracing, facts: ModelCallFacts): Attributes {
  const { provider, model, settings, prompt, context } = facts
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    ...(oldNames && { 'gen_ai.system': provider }),
    'gen_ai.request.model': model,
    'gen_ai.request.stream': true,
    'gen_ai.request.max_tokens': settings.maxTokens ?? undefined,
    'gen_ai.request.temperature': settings.temperature ?? undefined,
    'gen_ai.request.top_p': settings.topP ?? undefined,
    'gen_ai.prompt.name': prompt?.name,
    'gen_ai.prompt.version': prompt === undefined ? undefined : String(prompt.version),
    ...serverOf(facts.baseUrl),
    'incipit.generation.id': context.generation_id,
    'incipit.generation.attempt': context.attempt,
    ...(content && {
      'gen_ai.input.messages': inParts(facts.messages().map(({ role, text }) => ({ role, text }))),
    }),
  }
}

function tell({ oldNames, content }: Tracing, span: Span, answer: ModelAnswerFacts): void {
  const { model, requestId, finishReason, inputTokens, outputTokens, firstTokenMs, text } = answer
  span.set({
    'gen_ai.response.model': model,
    'gen_ai.response.id': requestId ?? undefined,
    'gen_ai.response.finish_reasons': [finishReason],
    'gen_ai.response.time_to_first_chunk': firstTokenMs === null ? undefined : firstTokenMs / 1000,
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    ...(oldNames && {
      'gen_ai.usage.prompt_tokens': inputTokens,
      'gen_ai.usage.completion_tokens': outputTokens,
    }),
    ...(content && {
      'gen_ai.output.messages': inParts([{ role: 'assistant', text }], { finish_reason: finishReason }),
    }),
  })
}

/** Messages as the conventions write them. */
function inParts(messages: SpokenMessage[], more: object = {}): string {
  return scrub(
    JSON.stringify(
      messages.map(({ role, text }) => ({ role, parts: [{ type: 'text', content: text }], ...more })),
    ),
  )
}

function serverOf(baseUrl: string | undefined): Attributes {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return {}
  const { hostname, port, protocol } = new URL(baseUrl)
  return { 'server.address': hostname, 'server.port': Number(port || (protocol === 'http:' ? 80 : 443)) }
}

import type { Message } from '../../prompts/content/content.ts'
import { getRuntime } from '../../runtime.ts'
import { isProviderFailure } from '../providers/failure.ts'
import { textOf } from '../providers/message-text.ts'
import { countCall, countSpending } from './call-metrics.ts'
import type { CallableConfiguration, CallPlan } from './call-plan.ts'
import type { ModelAnswer, Reading } from './read-answer.ts'

interface RecordedCall {
  configuration: CallableConfiguration
  messages: readonly Message[]
  context: { generation_id?: string; attempt?: number }
}

/** One call for the log and the metrics; just one of the two is called, once. */
export interface CallRecord {
  succeeded(answer: ModelAnswer): void
  failed(error: unknown): void
}

/**
 * Writes a line for each call when it has ended: provider and address, sizes, tokens, times and how it went.
 * Texts, those of a provider's errors included, are written with `ai.log_content` alone, keys never.
 */
export function recordCall({ provider }: CallPlan, call: RecordedCall, reading: Reading): CallRecord {
  const { log, config } = getRuntime()

  function write(outcome: string, more: Record<string, unknown>): void {
    const { facts, id } = call.configuration
    const line = {
      provider: provider.id,
      model: facts.model,
      configuration_id: id,
      ...call.context,
      outcome,
      provider_request_id: reading.requestId,
      messages: call.messages.length,
      input_characters: call.messages.reduce((sum, message) => sum + textOf(message).length, 0),
      output_characters: reading.text.length,
      latency_ms: Math.round(performance.now() - reading.startedAt),
      ...more,
      ...(config.ai.log_content ? { input: call.messages.map(spoken), output: reading.text } : {}),
    }
    log.info(line, 'model call')
    countCall(provider.id, call.configuration.facts.name, outcome, reading)
  }

  /** An answer that has arrived is not lost for a line of the log. */
  function quietly(work: () => void): void {
    try {
      work()
    } catch (error) {
      log.error({ err: error, provider: provider.id }, 'a call could not be recorded')
    }
  }

  return {
    succeeded: (answer) =>
      quietly(() => {
        const { input_tokens, output_tokens, tokens_estimated, first_token_ms, finish_reason } = answer
        write('succeeded', { input_tokens, output_tokens, tokens_estimated, first_token_ms, finish_reason })
        const tokens = { input: input_tokens, output: output_tokens }
        countSpending(provider.id, call.configuration.facts, tokens)
      }),
    failed: (error) =>
      quietly(() => {
        if (!isProviderFailure(error)) return write('ended', {})
        const { kind, message, summary, status, retryAfter } = error
        write(kind, { error: config.ai.log_content ? message : summary, status, retry_after: retryAfter })
      }),
  }
}

/** A message in words; what was no text is named. */
function spoken(message: Message): { role: string; text: string } {
  return { role: message.role, text: textOf(message) }
}

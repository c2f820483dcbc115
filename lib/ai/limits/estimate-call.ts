import type { Message } from '../../prompts/content/content.ts'
import { modelRequest } from '../calls/call-plan.ts'
import { estimateRequest, estimateText } from '../providers/estimate.ts'
import type { TokenCount } from '../providers/provider.ts'
import { findProvider } from '../providers/registry.ts'
import type { ConfigurationFacts } from '../schema.ts'

/** Taken for an answer whose length nothing limits. */
const USUAL_OUTPUT = 1_024

/**
 * Tokens that a call will take about, to be set aside before it: what is sent is estimated, and the answer
 * is taken to be as long as `max_tokens` allows, else 1,024.
 */
export function estimateCall(facts: ConfigurationFacts, messages: readonly Message[]): TokenCount {
  const request = modelRequest(facts, messages, { model: facts.model })
  const input = findProvider(facts.provider)?.estimate(request) ?? estimateRequest(request)
  return { input, output: facts.max_tokens ?? USUAL_OUTPUT }
}

/** Tokens of a call that was broken off, about: what was sent, and the text that had arrived. */
export function estimateAnswer(
  facts: ConfigurationFacts,
  messages: readonly Message[],
  text: string,
): TokenCount {
  return { input: estimateCall(facts, messages).input, output: estimateText(text) }
}

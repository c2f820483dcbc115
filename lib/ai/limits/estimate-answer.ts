import type { Message } from '../../prompts/content/content.ts'
import { estimateText } from '../providers/estimate.ts'
import type { TokenCount } from '../providers/provider.ts'
import type { ConfigurationFacts } from '../schema.ts'
import { estimateCall } from './estimate-call.ts'

/** Tokens of a call that was broken off, about: what was sent, and the text that had arrived. */
export function estimateAnswer(
  facts: ConfigurationFacts,
  messages: readonly Message[],
  text: string,
): TokenCount {
  return { input: estimateCall(facts, messages).input, output: estimateText(text) }
}

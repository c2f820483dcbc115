import type { ContentPart, Message } from '../../prompts/content/content.ts'
import { cutText } from '../../text.ts'
import { estimateTokens, PER_MESSAGE } from '../token-estimate.ts'
import { partText } from './message-text.ts'
import type { ModelRequest } from './provider.ts'

/** Counted up to here; a longer text is taken to go on as it began. */
const COUNTED = 60_000
/** A large image, as the usual models count it. */
const IMAGE_TOKENS = 1_600
/** Base64 characters of sound or of a document that make one token, about. */
const DATA_PER_TOKEN = 60

/** Tokens of what is sent, about; on the high side where it is no text. */
export function estimateRequest({ system, messages }: ModelRequest): number {
  const texts = system === undefined ? 0 : estimateText(system) + PER_MESSAGE
  return messages.reduce((sum, message) => sum + PER_MESSAGE + estimateContent(message), texts)
}

/** Tokens of a text, about, in a time that does not grow with it. */
export function estimateText(text: string): number {
  if (text.length <= COUNTED) return estimateTokens(text)
  return Math.ceil((estimateTokens(cutText(text, COUNTED)) / COUNTED) * text.length)
}

function estimateContent({ content }: Message): number {
  if (typeof content === 'string') return estimateText(content)
  return content.reduce((sum, part) => sum + estimatePart(part), 0)
}

function estimatePart(part: ContentPart): number {
  if (part.type === 'image') return IMAGE_TOKENS
  if (part.type === 'audio') return Math.ceil(part.data.length / DATA_PER_TOKEN)
  if (part.type === 'resource' && part.resource.blob !== undefined)
    return Math.ceil(part.resource.blob.length / DATA_PER_TOKEN)
  return estimateText(partText(part))
}

import { cutText } from '#lib/text.ts'
import type { LiveGeneration } from './live-generation.ts'

/** So much of an answer is read out; the rest is read in its place. */
const SPOKEN = 400

/** What readers hear: that it began, and at its end how it ended and the beginning of the text. */
export function heardAtEnd({ status, text, generation }: LiveGeneration, name = 'The model'): string {
  if (status === 'queued') return ''
  if (status === 'running') return `${name} is asked`
  if (status === 'failed') return `${name} failed. ${generation?.error?.message ?? ''}`
  const how = status === 'cancelled' ? 'was stopped' : 'has answered'
  const words = text.trim()
  return `${name} ${how}: ${words.length > SPOKEN ? `${cutText(words, SPOKEN)} …` : words}`
}

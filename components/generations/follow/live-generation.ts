import type { Generation, GenerationAttempt, GenerationEvent } from '#lib/generations/schema.ts'
import type { GenerationStatus } from '#lib/generations/status.ts'
import { cutText } from '#lib/text.ts'

/** The state of a generation while it runs, and at its end. */
export interface LiveGeneration {
  status: GenerationStatus
  /** Which attempt is at work or was the last; 0 before the first. */
  attempt: number
  /** The configuration that is being asked. */
  configuration: string
  text: string
  /** Why the attempt before this one ended; its text is void. */
  lastError: GenerationAttempt['error']
  /** Set when nothing will change any more. */
  generation: Generation | undefined
}

export const UNKNOWN: LiveGeneration = {
  status: 'queued',
  attempt: 0,
  configuration: '',
  text: '',
  lastError: null,
  generation: undefined,
}

/** A generation as it was read, as if its events had been heard. */
export function liveOf(generation: Generation): LiveGeneration {
  const { status, text, attempts, configuration } = generation
  const last = attempts.at(-1)
  return {
    status,
    attempt: last?.attempt ?? 0,
    configuration: last?.configuration ?? configuration,
    text: text ?? '',
    lastError: attempts.findLast(({ error }) => error !== null)?.error ?? null,
    generation: status === 'queued' || status === 'running' ? undefined : generation,
  }
}

/**
 * The state after an event. A piece of text that is there already, as after a reconnection, counts once;
 * one of an attempt that is over does not count. The same object when nothing changed.
 */
export function hearEvent(live: LiveGeneration, event: GenerationEvent): LiveGeneration {
  if (live.generation !== undefined) return live
  switch (event.type) {
    case 'state': {
      if (event.attempt < live.attempt) return live
      const { status, attempt, configuration } = event
      return { ...ofAttempt(live, attempt), status, configuration }
    }
    case 'text':
      return event.attempt < live.attempt ? live : withText(ofAttempt(live, event.attempt), event)
    case 'restart':
      if (event.attempt < live.attempt) return live
      return { ...ofAttempt(live, event.attempt), text: '', lastError: event.error ?? live.lastError }
    case 'finished': {
      const end = liveOf(event.generation)
      // A generation that was stopped in the middle of a piece keeps the text that was seen.
      return end.text === '' && end.status === 'cancelled' ? { ...end, text: live.text } : end
    }
  }
}

/** Whether a piece begins behind the end of what is there: something between was lost. */
export function leavesGap(live: LiveGeneration, event: GenerationEvent): boolean {
  if (event.type !== 'text' || live.generation !== undefined || event.attempt < live.attempt) return false
  return event.position > (event.attempt === live.attempt ? live.text.length : 0)
}

/** Another attempt begins with nothing. */
function ofAttempt(live: LiveGeneration, attempt: number): LiveGeneration {
  return attempt === live.attempt ? live : { ...live, attempt, text: '' }
}

function withText(
  live: LiveGeneration,
  { position, text }: Extract<GenerationEvent, { type: 'text' }>,
): LiveGeneration {
  const seen = live.text.length - position
  if (seen >= text.length || seen < 0) return live
  return { ...live, status: 'running', text: live.text + text.slice(seen) }
}

/** So much of an answer is read out; the rest is read in its place. */
const SPOKEN = 400

/** The announcement for screen readers: the start, and at the end its outcome and the beginning of the text. */
export function heardAtEnd({ status, text, generation }: LiveGeneration, name = 'The model'): string {
  if (status === 'queued') return ''
  if (status === 'running') return `${name} is asked`
  if (status === 'failed') return `${name} failed. ${generation?.error?.message ?? ''}`
  const how = status === 'cancelled' ? 'was stopped' : 'has answered'
  const words = text.trim()
  return `${name} ${how}: ${words.length > SPOKEN ? `${cutText(words, SPOKEN)} …` : words}`
}

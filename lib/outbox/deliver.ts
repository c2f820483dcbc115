import type { Later, Target, Unsent } from './message.ts'

/** A message that the target has not taken. */
export interface Refused {
  message: Unsent
  reason: unknown
  /** Whether it was sent by itself; false: it was spared, because its target takes nothing. */
  wasTried: boolean
}

/**
 * Sends a batch. One that is refused is halved again and again, so that a message that is at fault keeps none of
 * the others back; half a batch of which nothing is taken says that it is the target.
 * @param onTaken told of each part that was taken, and which of it is wanted again
 */
export async function deliver(
  target: Target,
  messages: readonly Unsent[],
  onTaken: (taken: readonly Unsent[], later: readonly Later[]) => Promise<void>,
): Promise<Refused[]> {
  const sent = await attempt(target, messages)
  if ('later' in sent) {
    await onTaken(messages, sent.later)
    return []
  }
  if (messages.length === 1) return refusedFor(sent.error, messages, true)
  const middle = Math.ceil(messages.length / 2)
  const first = await deliver(target, messages.slice(0, middle), onTaken)
  const rest = messages.slice(middle)
  const isTarget = middle > 1 && first.length === middle
  const second = isTarget ? refusedFor(sent.error, rest, false) : await deliver(target, rest, onTaken)
  return [...first, ...second]
}

async function attempt(
  target: Target,
  messages: readonly Unsent[],
): Promise<{ error: unknown } | { later: readonly Later[] }> {
  try {
    return { later: (await target.send(messages)) ?? [] }
  } catch (error) {
    return { error }
  }
}

function refusedFor(reason: unknown, messages: readonly Unsent[], wasTried: boolean): Refused[] {
  return messages.map((message) => ({ message, reason, wasTried }))
}

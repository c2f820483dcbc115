import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

/** Smaller results are not counted: they cost nothing. In characters. */
const LARGE = 65_536
/** An answer holds a result twice: as a whole and as messages. */
const COPIES = 2

/**
 * Bounds what is rendered in one turn of the event loop. Callers who waited for the same version go on together:
 * all their results exist before the first answer is written, and only there is counted what waits for readers.
 * @param length of a result, in characters
 * @throws overloaded when this turn has made as much as `limits.unsent_bytes` lets wait
 */
export function takeRoomInTurn(length: number): void {
  if (length < LARGE) return
  const turn = getRuntime().once('prompts.turn', () => ({ length: 0 }))
  const most = getRuntime().config.limits.unsent_bytes
  if (turn.length > 0 && turn.length + length * COPIES > most)
    throw appError('overloaded', 'Too many large results are asked for at once. Try again in a moment.', {
      retryAfter: 1,
      extra: { limit: 'limits.unsent_bytes' },
    })
  if (turn.length === 0) setImmediate(() => void (turn.length = 0))
  turn.length += length * COPIES
}

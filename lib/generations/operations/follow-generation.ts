import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { StreamStart } from '../../event-stream.ts'
import { operation } from '../../telemetry/operation.ts'
import type { GenerationEventsQuery } from '../schema.ts'
import type { Place } from '../streaming/generation-feed.ts'
import { generationHub } from '../streaming/hub.ts'
import { getGeneration } from './get-generation.ts'

/** How long a browser waits before it connects again. */
const RETRY = 'retry: 1000\n\n'

/**
 * A stream of a generation: how it stands, its text as it arrives, and its end, after which the stream ends.
 * `after` names the event that was seen last, at this instance or another one; the rest follows.
 * @throws forbidden, not_found, unavailable while as many streams are open as `limits.generation_streams` allows
 */
export const followGeneration = operation('followGeneration', run)

async function run(
  actor: Actor,
  { id, after }: GenerationEventsQuery & { id: string },
): Promise<StreamStart> {
  const known = await getGeneration(actor, { id })
  if (generationHub().isFullFor(actor)) throw full()
  return (sink) => {
    sink.write(RETRY)
    const leave = generationHub().follow(actor, known, sink, placeOf(after))
    // Others may have taken the last places since.
    if (leave === undefined) sink.end()
    return leave ?? (() => undefined)
  }
}

function placeOf(after: string | undefined): Place {
  const [attempt = 0, position = 0] = (after ?? '0.0').split('.').map(Number)
  return { attempt, position }
}

function full() {
  const message = 'No further stream can be opened here now. Try again later.'
  return appError('unavailable', message, { retryAfter: 10 })
}

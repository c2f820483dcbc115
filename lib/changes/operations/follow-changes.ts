import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import type { StreamStart } from '../../event-stream.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { readChanges } from '../change-log.ts'
import { frame } from '../channel.ts'
import { changeHub, viewOf } from '../hub.ts'
import { assertMayFollow } from '../policy.ts'
import type { ChangesQuery } from '../schema.ts'

/** How long a browser waits before it connects again. */
const RETRY = 'retry: 2000\n'

/**
 * A stream of the changes in the workspace that the actor may read, from now on or after a revision that it has
 * seen: changes since then are sent first. A reader that has missed more than `limits.change_backlog` changes, or
 * names a revision that does not exist, gets a `reset` and reads again.
 * @throws forbidden, unavailable while as many streams are open as `limits.change_streams` allows
 */
export const followChanges = operation('followChanges', run)

async function run(actor: Actor, { after }: ChangesQuery): Promise<StreamStart> {
  assertMayFollow(actor)
  const hub = changeHub()
  if (hub.isFullFor(actor)) throw full()
  const { greeting, position } = await opening(actor, after)
  return (sink) => {
    sink.write(greeting)
    const leave = hub.join(actor, sink, position)
    // Others may have taken the last places since.
    if (leave === undefined) sink.end()
    return leave ?? (() => undefined)
  }
}

function full() {
  const message = 'No further page can follow changes here now. Try again later.'
  return appError('unavailable', message, { retryAfter: 10 })
}

/** The first frame, and the revision up to which it covers everything. */
async function opening(
  actor: Actor,
  after: number | undefined,
): Promise<{ greeting: string; position: number }> {
  const { workspaceId } = actor
  const { feed, config } = getRuntime()
  // Another instance may have named a revision that this one hears of in a moment.
  if (after !== undefined && after > feed.seen(workspaceId))
    await feed.waitFor(workspaceId, after, config.database.revision_wait_ms)
  const seen = feed.seen(workspaceId)
  if (after === undefined) return { greeting: hello(seen), position: seen }
  if (after > seen || seen - after > config.limits.change_backlog) {
    const reset = frame('reset', seen, { revision: seen })
    return { greeting: hello(seen) + reset, position: seen }
  }
  if (changeHub().reaches(actor, after)) return { greeting: hello(after), position: after }
  const missed = await onPrimary(({ pool }) => readChanges(pool, viewOf(actor), after, seen))
  const frames = missed.map((change) => frame('change', change.revision, change))
  return { greeting: hello(after) + frames.join(''), position: seen }
}

function hello(revision: number): string {
  return RETRY + frame('hello', revision, { revision })
}

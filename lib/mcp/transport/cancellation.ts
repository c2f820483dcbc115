import { getRuntime } from '../../runtime.ts'
import type { Caller } from '../caller.ts'
import { STATELESS_REVISION } from './message.ts'

/** A call that its client can take back. */
export interface Cancellation {
  /** Aborted when the client did. */
  readonly signal: AbortSignal
  /** The call is over: nothing takes it back any more. */
  end(): void
}

/** Calls of revisions with a handshake that run in this process, by who asked and the id of the request. */
function runningCalls(): Map<string, Set<AbortController>> {
  return getRuntime().once('mcp.running-calls', () => new Map<string, Set<AbortController>>())
}

/**
 * Watches whether a client takes a call back, in the way of its revision: by closing the response from
 * 2026-07-28 on; before that by `notifications/cancelled`, while a connection that breaks means nothing.
 */
export function watchCancellation(caller: Caller): Cancellation {
  const ending = new AbortController()
  const cancel = () => ending.abort()
  if (caller.revision === STATELESS_REVISION) {
    const gone = caller.http.gone
    if (gone?.aborted === true) cancel()
    gone?.addEventListener('abort', cancel, { once: true })
    return { signal: ending.signal, end: () => gone?.removeEventListener('abort', cancel) }
  }
  const key = keyOf(caller, caller.requestId)
  const calls = runningCalls().get(key) ?? new Set()
  runningCalls().set(key, calls.add(ending))
  return {
    signal: ending.signal,
    end() {
      calls.delete(ending)
      if (calls.size === 0) runningCalls().delete(key)
    },
  }
}

/**
 * Takes note of `notifications/cancelled`. There are no sessions, so the call is found by the id of its request
 * and by what can be told of its client. Where two calls could be meant, or none is found here, it is ignored, as
 * the protocol allows: a call that goes on costs less than somebody else's that is stopped.
 */
export function cancelCall(caller: Caller, requestId: unknown): void {
  if (typeof requestId !== 'string' && typeof requestId !== 'number') return
  const calls = runningCalls().get(keyOf(caller, requestId))
  const [only, another] = calls ?? []
  if (another === undefined) only?.abort()
}

/** A text and a number are two ids. */
function keyOf({ actor, http }: Caller, requestId: string | number | undefined): string {
  const client = ['user-agent', 'x-forwarded-for', 'forwarded'].map((name) => http.header(name))
  return JSON.stringify([actor.workspaceId, actor.id, http.address, ...client, requestId ?? null])
}

import type { Actor } from '../access/actor.ts'
import { spanned } from './observe.ts'
import { tracing } from './telemetry.ts'

/** An operation: an actor first, then what it is asked for. */
type Operation<Rest extends unknown[], Output> = (actor: Actor, ...rest: Rest) => Promise<Output>

/**
 * Gives an operation a span of its name in the trace that it is a part of, whichever door it is called by. Where
 * nothing is traced the call goes straight through.
 */
export function operation<Rest extends unknown[], Output>(
  name: string,
  run: Operation<Rest, Output>,
): Operation<Rest, Output> {
  return (actor, ...rest) => {
    const traces = tracing()
    if (traces?.active()?.isOpen !== true) return run(actor, ...rest)
    const attributes = { 'incipit.operation': name }
    return spanned(
      traces,
      () => ({ name, kind: 'internal', attributes }),
      () => run(actor, ...rest),
    )
  }
}

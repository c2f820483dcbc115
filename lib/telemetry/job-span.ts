import { spanned } from './observe.ts'
import { tracing } from './telemetry.ts'

/** One step of a function that runs in the background. */
export interface Job {
  function: string
  step: string
  /** The `traceparent` of the request that asked for it; undefined: it was a part of no trace. */
  trace: string | undefined
  /** Ids of what it works on. */
  attributes: Readonly<Record<string, string>>
}

/** Runs a step as a part of the trace of the request that asked for it, however much later. */
export function observeJob<T>(job: Job, work: () => Promise<T>): Promise<T> {
  const traces = tracing()
  if (traces === undefined) return work()
  const { function: name, step, trace, attributes } = job
  // What woke the worker up may be any request.
  return traces.within(undefined, () =>
    spanned(
      traces,
      () => ({
        name: `${name} ${step}`,
        kind: 'consumer',
        attributes: { 'incipit.function': name, 'incipit.step': step, ...attributes },
      }),
      work,
      trace === undefined ? undefined : { carrier: { traceparent: trace } },
    ),
  )
}

/** Runs work that is a part of no trace, whatever is under way. */
export function unobserved<T>(work: () => T): T {
  const traces = tracing()
  return traces === undefined ? work() : traces.within(undefined, work)
}

import type { FunctionConfiguration } from './configuration.ts'
import { patiently } from './database.ts'
import type { JobContext } from './job.ts'
import { callFunction, type Op, type Outcome, plainError, type StepResult } from './protocol.ts'
import type { HeldJob } from './queue.ts'
import type { Run } from './store.ts'

/** A call that is made. */
export interface Made {
  run: Run
  held: HeldJob
  stepId: string | undefined
  attempt: number
  configuration: FunctionConfiguration
}

/**
 * Calls a function for a run. Results of steps are kept while the call runs.
 * @returns what became of it; `halted` when it ended because it is not to go on here; undefined when what still
 *   runs is given back
 */
export async function call(made: Made, context: JobContext): Promise<Outcome | 'halted' | undefined> {
  const keeper = keepSteps(made, context)
  try {
    const outcome = await unless(context.giveBack, answerOf(made, context))
    return outcome !== undefined && keeper.isHalted ? 'halted' : outcome
  } finally {
    context.calls.delete(made.held.id)
  }
}

/**
 * Keeps what the steps of a call come to while it runs. It is halted when this instance stops, and when the
 * run has gone on elsewhere or ended: what was kept counts then, and its answer does not.
 */
function keepSteps({ run, held }: Made, { calls, store, stopping, giveBack, onOutage }: JobContext) {
  const keeper = { isHalted: false }
  calls.set(held.id, async (steps) => {
    for (const op of steps) {
      const result = resultOf(op)
      const isKept =
        result !== undefined && (await patiently(() => store.keep(run, op.id, result), giveBack, onOutage))
      if (isKept) run.steps.set(op.id, result)
      else keeper.isHalted = true
    }
    if (stopping.aborted) keeper.isHalted = true
    return !keeper.isHalted
  })
  return keeper
}

/** A call whose answer is none of the SDK's counts as one that failed. */
async function answerOf(
  { run, held, stepId, attempt, configuration }: Made,
  { settings }: JobContext,
): Promise<Outcome> {
  try {
    return await callFunction(settings.handler, {
      name: held.id,
      functionId: run.functionId,
      runId: run.id,
      event: run.event,
      steps: run.steps,
      stepId,
      attempt,
      maxAttempts: configuration.maxAttempts,
      plan: run.pending.size > 0 || run.races,
    })
  } catch (error) {
    return { type: 'failed', error: plainError(error), retry: { again: true, after: undefined } }
  }
}

/** What is to be remembered of a step that has run; undefined when it has not. */
export function resultOf({ op, data, error }: Op): StepResult | undefined {
  if (op === 'StepRun') return { data: data ?? null }
  if (op === 'StepFailed') return { error: plainError(error ?? data) }
  return undefined
}

/** The result of work, or undefined when the signal comes first; the work goes on unheard. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const onAbort = () => resolve(undefined)
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

import type { FunctionConfiguration } from './configuration.ts'
import { retryUntil } from './database.ts'
import type { Settings } from './options.ts'
import { callFunction, type Op, type Outcome, plainError, type StepResult } from './protocol.ts'
import type { HeldJob } from './queue.ts'
import type { Run, Store } from './store.ts'

/** What the work on a job needs. */
export interface JobContext {
  settings: Settings
  store: Store
  functions: ReadonlyMap<string, FunctionConfiguration>
  /** Calls that run, by their jobs: each keeps what its steps come to, and says whether it is to go on. */
  calls: Map<string, (steps: Op[]) => Promise<boolean>>
  /** Aborted when this instance stops: no further call begins. */
  stopping: AbortSignal
  /** Aborted when what still runs then is given back. */
  giveBack: AbortSignal
  /** The database failed at something that will be tried again. */
  onOutage: (error: unknown) => void
  /** A job will be due in so many milliseconds. */
  onLater: (waitMs: number) => void
}

/** A call of a function, as it is made. */
export interface FunctionCall {
  run: Run
  held: HeldJob
  attempt: number
  configuration: FunctionConfiguration
}

/**
 * Calls a function for a run. Results of steps are kept while the call runs.
 * @returns what became of it; `halted` when it ended because it is not to go on here; undefined when what still
 *   runs is given back
 */
export async function call(
  asked: FunctionCall,
  context: JobContext,
): Promise<Outcome | 'halted' | undefined> {
  const keeper = keepSteps(asked, context)
  try {
    const outcome = await unless(context.giveBack, answerOf(asked, context))
    return outcome !== undefined && keeper.isHalted ? 'halted' : outcome
  } finally {
    context.calls.delete(asked.held.id)
  }
}

/**
 * Keeps what the steps of a call come to while it runs. It is halted when this instance stops, and when the
 * run has gone on elsewhere or ended: the kept results count then, and its answer does not.
 */
function keepSteps({ run, held }: FunctionCall, { calls, store, stopping, giveBack, onOutage }: JobContext) {
  const keeper = { isHalted: false }
  calls.set(held.id, async (steps) => {
    for (const op of steps) {
      const result = resultOf(op)
      const isKept =
        result !== undefined && (await retryUntil(() => store.keep(run, op.id, result), giveBack, onOutage))
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
  { run, held, attempt, configuration }: FunctionCall,
  { settings }: JobContext,
): Promise<Outcome> {
  try {
    return await callFunction(settings.handler, {
      name: held.id,
      functionId: run.functionId,
      runId: run.id,
      event: run.event,
      steps: run.steps,
      attempt,
      maxAttempts: configuration.maxAttempts,
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

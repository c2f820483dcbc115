import { call, type Made, resultOf } from './call.ts'
import type { FunctionConfiguration } from './configuration.ts'
import { patiently } from './database.ts'
import type { Dispatcher } from './dispatch.ts'
import { parseMoment } from './duration.ts'
import type { Settings } from './options.ts'
import { type Op, type Outcome, plainError, type Retry, type StepResult } from './protocol.ts'
import type { HeldJob, NewJob } from './queue.ts'
import type { PlannedStep, Run, Store } from './store.ts'

/** What the work on a job needs. */
export interface JobContext {
  settings: Settings
  store: Store
  dispatcher: Dispatcher
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

/** A job of a run: which call is next. */
type RunJob = Extract<HeldJob['data'], { run: string }>

/** A run of a function that nobody serves any more is given up after this. */
const UNKNOWN_MS = 3_600_000
const UNKNOWN_WAIT_MS = 5000

/**
 * Works on a run until it ends, sleeps, waits for planned steps or must be tried again later. The result of
 * each step is written down before the function goes on.
 */
export async function workOnRun(run: Run, held: HeldJob, data: RunJob, context: JobContext): Promise<void> {
  const { store, settings, giveBack } = context
  const write = <T>(work: () => Promise<T>) => patiently(work, giveBack, context.onOutage)
  const configuration = context.functions.get(run.functionId)
  if (run.status !== 'active') return write(() => store.drop(held))
  if (configuration === undefined) return later(run, held, data, UNKNOWN_WAIT_MS, context)
  if (held.retryCount >= settings.crashes) return write(() => store.fail(run, crashed(held.retryCount), held))

  let { step: stepId, attempt } = data
  if (data.wake && stepId !== undefined && !run.steps.has(stepId)) {
    const slept = stepId
    const goesOn = await write(() => store.keepPlanned(run, slept, NOTHING))
    if (!goesOn || !(await refresh(run, context))) return write(() => store.drop(held))
  }
  // Its result was kept before a process died; what follows it may not have begun.
  if (stepId !== undefined && run.steps.has(stepId)) {
    if (run.pending.size > 0 && !run.races) return write(() => store.drop(held))
    stepId = undefined
  }
  for (;;) {
    const position = { run: run.id, ...(stepId !== undefined && { step: stepId }), attempt }
    if (context.stopping.aborted) return handOver(run, held, position, context)
    const made = { run, held, stepId, attempt, configuration }
    const outcome = await call(made, context)
    if (outcome === undefined) return handOver(run, held, position, context)
    if (outcome === 'halted') {
      if (!(await refresh(run, context))) return write(() => store.drop(held))
    } else if ((await take(outcome, made, context)) === 'ended') return
    stepId = undefined
    attempt = 0
  }
}

/** Writes down what became of a call. @returns whether the job is over, or the next call follows at once */
async function take(outcome: Outcome, made: Made, context: JobContext): Promise<'ended' | 'on'> {
  const { run, held, stepId, attempt, configuration } = made
  const { store } = context
  const write = <T>(work: () => Promise<T>) => patiently(work, context.giveBack, context.onOutage)
  const end = async (work: () => Promise<void>) => {
    await write(work)
    return 'ended' as const
  }
  if (outcome.type === 'completed') return end(() => store.complete(run, outcome.output, held))
  if (outcome.type === 'failed') {
    if (outcome.retry.again && attempt + 1 < configuration.maxAttempts)
      return again(made, outcome.retry, context)
    return end(() => store.fail(run, outcome.error, held))
  }
  const unknown = outcome.ops.find(({ op }) => !KNOWN_OPS.has(op))
  if (unknown !== undefined) return end(() => store.fail(run, unsupported(unknown), held))
  const [op] = outcome.ops
  if (op === undefined) return end(() => store.drop(held))
  if (op.op === 'StepError') return again(made, outcome.retry, context)
  const result = resultOf(op)
  if (result === undefined) return end(() => store.plan(run, planned(run, outcome.ops, context), held))
  if (stepId === undefined) {
    if (await write(() => store.keep(run, op.id, result))) run.steps.set(op.id, result)
    else if (!(await refresh(run, context))) return end(() => store.drop(held))
    return 'on'
  }
  // Others have kept results since this job began.
  const goesOn = await write(() => store.keepPlanned(run, op.id, result))
  return goesOn && (await refresh(run, context)) ? 'on' : end(() => store.drop(held))
}

/** What is remembered of a sleep. */
const NOTHING: StepResult = { data: null }

const KNOWN_OPS: ReadonlySet<string> = new Set(['StepRun', 'StepError', 'StepFailed', 'StepPlanned', 'Sleep'])

/** Reads what is known of the run now. @returns whether it goes on */
async function refresh(run: Run, { store, giveBack, onOutage }: JobContext): Promise<boolean> {
  const found = (await patiently(() => store.load([run.id]), giveBack, onOutage)).get(run.id)
  if (found?.status !== 'active') return false
  Object.assign(run, found)
  return true
}

/** Steps that were found: each gets a job of its own, a sleeping one at the end of its sleep. */
function planned(run: Run, ops: readonly Op[], context: JobContext): PlannedStep[] {
  return ops.map((op) => {
    const race = op.opts?.parallelMode === 'race'
    if (op.op !== 'Sleep') return { id: op.id, race, job: job(run, { step: op.id, attempt: 0 }, context) }
    const wait = Math.max(0, (parseMoment(op.name ?? '', Date.now())?.getTime() ?? 0) - Date.now())
    return { id: op.id, race, job: job(run, { step: op.id, wake: true, attempt: 0 }, context, wait) }
  })
}

function job(run: Run, data: Omit<RunJob, 'run'>, context: JobContext, waitMs = 0): NewJob {
  const placing = context.dispatcher.placing(context.functions.get(run.functionId), run)
  if (waitMs > 0) context.onLater(waitMs)
  // By the database's clock, whatever ours says.
  return { data: { run: run.id, ...data }, ...(waitMs > 0 && { startAfter: waitMs / 1000 }), ...placing }
}

/** Tries the same again after a while: what Retry-After says, else twice as long as before, give or take. */
async function again(made: Made, { after }: Retry, context: JobContext): Promise<'ended'> {
  const { run, held, stepId, attempt } = made
  const { retryMinMs, retryMaxMs } = context.settings
  const now = Date.now()
  const backoff = Math.min(retryMaxMs, retryMinMs * 2 ** attempt) * (0.75 + Math.random() / 2)
  const told = after === undefined ? undefined : parseMoment(after, now)?.getTime()
  const wait = Math.max(0, (told ?? now + backoff) - now)
  const next = { run: run.id, ...(stepId !== undefined && { step: stepId }), attempt: attempt + 1 }
  await replace(run, held, next, wait, context)
  return 'ended'
}

/** Keeps a run for an instance that knows its function, for a while. */
async function later(
  run: Run,
  held: HeldJob,
  data: RunJob,
  wait: number,
  context: JobContext,
): Promise<void> {
  if (Date.now() - run.event.ts < UNKNOWN_MS) return replace(run, held, data, wait, context)
  const error = plainError(new Error(`The function ${run.functionId} is no longer served.`))
  await patiently(() => context.store.fail(run, error, held), context.giveBack, context.onOutage)
}

async function replace(
  run: Run,
  held: HeldJob,
  data: RunJob,
  wait: number,
  context: JobContext,
): Promise<void> {
  const next = job(run, data, context, wait)
  await patiently(() => context.store.replace(next, held), context.giveBack, context.onOutage)
}

/** Gives a job back at shutdown: somebody else goes on with it, and it does not count as a crash. */
async function handOver(run: Run, held: HeldJob, data: RunJob, context: JobContext): Promise<void> {
  await context.store.replace(job(run, data, context), held)
}

function crashed(times: number) {
  return plainError(new Error(`The process ended ${times} times while this ran.`))
}

function unsupported({ op, displayName }: Op) {
  const error = new Error(`The embedded runner does not do ${op} (${displayName ?? 'a step'}).`)
  return plainError(Object.assign(error, { name: 'NonRetriableError' }))
}

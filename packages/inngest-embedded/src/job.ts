import { call, type JobContext, type Made, resultOf } from './call.ts'
import { patiently } from './database.ts'
import { placing } from './dispatch.ts'
import { parseMoment } from './duration.ts'
import { type Op, type Outcome, plainError, type Retry, type StepResult } from './protocol.ts'
import type { HeldJob, NewJob } from './queue.ts'
import type { Run } from './store.ts'

/** A job of a run: which call is next. */
type RunJob = Extract<HeldJob['data'], { run: string }>

/** A run of a function that nobody serves any more is given up after this. */
const UNKNOWN_MS = 3_600_000
const UNKNOWN_WAIT_MS = 5000
/** What is remembered of a sleep. */
const NOTHING: StepResult = { data: null }
const KNOWN_OPS: ReadonlySet<string> = new Set(['StepRun', 'StepError', 'StepFailed', 'StepPlanned', 'Sleep'])

/**
 * Works on a run until it ends, sleeps or must be tried again later. The result of each step is written down
 * before the function goes on.
 */
export async function workOnRun(run: Run, held: HeldJob, data: RunJob, context: JobContext): Promise<void> {
  const { store, settings } = context
  const configuration = context.functions.get(run.functionId)
  if (run.status !== 'active') return write(() => store.drop(held), context)
  if (configuration === undefined) return later(run, held, data, context)
  if (held.retryCount >= settings.crashes)
    return write(() => store.fail(run, crashed(held.retryCount), held), context)
  if (data.step !== undefined && !(await wake(run, data.step, context)))
    return write(() => store.drop(held), context)

  for (let { attempt } = data; ; attempt = 0) {
    const position = { run: run.id, attempt }
    if (context.stopping.aborted) return handOver(run, held, position, context)
    const made = { run, held, attempt, configuration }
    const outcome = await call(made, context)
    if (outcome === undefined) return handOver(run, held, position, context)
    if (outcome === 'halted') {
      if (!(await refresh(run, context))) return write(() => store.drop(held), context)
    } else if ((await take(outcome, made, context)) === 'ended') return
  }
}

/** Notes that a sleep has ended, unless that was noted before a process died. @returns whether the run goes on */
async function wake(run: Run, stepId: string, context: JobContext): Promise<boolean> {
  return run.steps.has(stepId) || keep(run, stepId, NOTHING, context)
}

/** Keeps a result that no call hands over. @returns whether the run goes on; it is up to date then */
async function keep(run: Run, stepId: string, result: StepResult, context: JobContext): Promise<boolean> {
  if (!(await write(() => context.store.keep(run, stepId, result), context))) return refresh(run, context)
  run.steps.set(stepId, result)
  return true
}

/** Writes down what became of a call. @returns whether the job is over, or the next call follows at once */
async function take(outcome: Outcome, made: Made, context: JobContext): Promise<'ended' | 'on'> {
  const { run, held, attempt, configuration } = made
  const { store } = context
  const end = async (work: () => Promise<void>) => {
    await write(work, context)
    return 'ended' as const
  }
  if (outcome.type === 'completed') return end(() => store.complete(run, outcome.output, held))
  if (outcome.type === 'failed') {
    if (outcome.retry.again && attempt + 1 < configuration.maxAttempts)
      return again(made, outcome.retry, context)
    return end(() => store.fail(run, outcome.error, held))
  }
  const [op] = outcome.ops
  if (op === undefined) return end(() => store.drop(held))
  const refusal = refusalOf(outcome.ops)
  if (refusal !== undefined) return end(() => store.fail(run, refusal, held))
  if (op.op === 'StepError') return again(made, outcome.retry, context)
  if (op.op === 'Sleep') return sleep(made, op, context)
  const result = resultOf(op)
  if (result !== undefined && (await keep(run, op.id, result, context))) return 'on'
  return end(() => store.drop(held))
}

/** Why a function cannot go on here: it asks for what the runner does not do, which nobody can see earlier. */
function refusalOf(ops: readonly Op[]) {
  const unknown = ops.find(({ op }) => !KNOWN_OPS.has(op))
  if (unknown !== undefined) return hopeless(`does not do ${unknown.op} (${nameOf(unknown)})`)
  const waiting = ops.filter(({ op }) => op === 'StepPlanned' || op === 'Sleep')
  if (waiting.length > 1 || waiting[0]?.op === 'StepPlanned')
    return hopeless(`does not do steps side by side (${waiting.map(nameOf).join(', ')})`)
  return undefined
}

const nameOf = ({ displayName }: Op) => displayName ?? 'a step'

function hopeless(why: string) {
  return plainError(Object.assign(new Error(`The embedded runner ${why}.`), { name: 'NonRetriableError' }))
}

/** Reads what is known of the run now. @returns whether it goes on */
async function refresh(run: Run, context: JobContext): Promise<boolean> {
  const found = (await write(() => context.store.load([run.id]), context)).get(run.id)
  if (found?.status !== 'active') return false
  Object.assign(run, found)
  return true
}

/** Goes on at the end of the sleep. */
async function sleep({ run, held }: Made, { id, name = '' }: Op, context: JobContext): Promise<'ended'> {
  const now = Date.now()
  const wait = Math.max(0, (parseMoment(name, now)?.getTime() ?? 0) - now)
  await replace(run, held, { run: run.id, step: id, attempt: 0 }, wait, context)
  return 'ended'
}

function job(run: Run, data: Omit<RunJob, 'run'>, context: JobContext, waitMs = 0): NewJob {
  if (waitMs > 0) context.onLater(waitMs)
  return {
    data: { run: run.id, ...data },
    // By the database's clock, whatever ours says.
    ...(waitMs > 0 && { startAfter: waitMs / 1000 }),
    ...placing(context.functions.get(run.functionId), run),
  }
}

/** Tries the same again after a while: what Retry-After says, else twice as long as before, give or take. */
async function again({ run, held, attempt }: Made, { after }: Retry, context: JobContext): Promise<'ended'> {
  const { retryMinMs, retryMaxMs } = context.settings
  const now = Date.now()
  const backoff = Math.min(retryMaxMs, retryMinMs * 2 ** attempt) * (0.75 + Math.random() / 2)
  const told = after === undefined ? undefined : parseMoment(after, now)?.getTime()
  const wait = Math.max(0, (told ?? now + backoff) - now)
  await replace(run, held, { run: run.id, attempt: attempt + 1 }, wait, context)
  return 'ended'
}

/** Keeps a run for an instance that knows its function, for a while. */
async function later(run: Run, held: HeldJob, data: RunJob, context: JobContext): Promise<void> {
  if (Date.now() - run.event.ts < UNKNOWN_MS) return replace(run, held, data, UNKNOWN_WAIT_MS, context)
  const error = plainError(new Error(`The function ${run.functionId} is no longer served.`))
  await write(() => context.store.fail(run, error, held), context)
}

function replace(run: Run, held: HeldJob, data: RunJob, wait: number, context: JobContext): Promise<void> {
  const next = job(run, data, context, wait)
  return write(() => context.store.replace(next, held), context)
}

/** Gives a job back at shutdown: somebody else goes on with it, and it does not count as a crash. */
async function handOver(run: Run, held: HeldJob, data: RunJob, context: JobContext): Promise<void> {
  await context.store.replace(job(run, data, context), held)
}

function write<T>(work: () => Promise<T>, { giveBack, onOutage }: JobContext): Promise<T> {
  return patiently(work, giveBack, onOutage)
}

function crashed(times: number) {
  return plainError(new Error(`The process ended ${times} times while this ran.`))
}

import type { StoredEvent } from './event.ts'
import type { Handler, HandlerAnswer, HandlerCall } from './sdk.ts'

/** An error as it travels. */
export interface PlainError {
  name: string
  message: string
  stack?: string
  [more: string]: unknown
}

/** What a function tells about a step (SDK_SPEC 5.1.1). */
export interface Op {
  id: string
  op: string
  name?: string
  displayName?: string
  data?: unknown
  error?: PlainError
}

/** The result of a step, as it is told to the function again. */
export type StepResult = { data: unknown } | { error: PlainError }

/** One call of a function. */
export interface Call {
  functionId: string
  runId: string
  event: StoredEvent
  /** The results of its steps, in the order in which they came. */
  steps: ReadonlyMap<string, StepResult>
  attempt: number
  maxAttempts: number
  /** What the call is named by when it tells the results of its steps. */
  name: string
}

/** What became of a call. */
export type Outcome =
  | { type: 'completed'; output: unknown }
  | { type: 'ops'; ops: Op[]; retry: Retry }
  | { type: 'failed'; error: PlainError; retry: Retry }

/** Whether to try again; `after` is a Retry-After (seconds or a date). */
export interface Retry {
  again: boolean
  after: string | undefined
}

/** Never resolved: the handler is called in this process. */
const URL_BASE = 'http://embedded.invalid/api/inngest'

/**
 * Asks the SDK for the functions' configurations, by an in-band registration (SDK_SPEC 4.3).
 * @throws Error when it refuses
 */
export async function readConfigurations(handler: Handler): Promise<unknown[]> {
  const kind = { 'x-inngest-sync-kind': 'in_band' }
  const { status, body } = await handler(request('PUT', new URL(URL_BASE), { url: URL_BASE }, kind))
  const { functions } = JSON.parse(body) as { functions?: unknown }
  if (status !== 200 || !Array.isArray(functions))
    throw new Error(`The handler did not tell its functions: ${status} ${body}`)
  return functions
}

/**
 * Calls a function (SDK_SPEC 4.4). `ctx.fn_id` and `ctx.qi_id` make the SDK run one step after the other in
 * one call and hand each result over before it goes on (its checkpoints, see sdk.ts); it answers
 * when it has ended or needs something else.
 * @throws Error when the answer is none of the SDK's
 */
export async function callFunction(handler: Handler, call: Call): Promise<Outcome> {
  const url = new URL(URL_BASE)
  url.searchParams.set('fnId', call.functionId)
  url.searchParams.set('stepId', 'step')
  const stack = [...call.steps.keys()]
  const body = {
    event: call.event,
    events: [call.event],
    steps: Object.fromEntries(call.steps),
    ctx: {
      run_id: call.runId,
      fn_id: call.functionId,
      qi_id: call.name,
      attempt: call.attempt,
      max_attempts: call.maxAttempts,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack, current: Math.max(0, stack.length - 1) },
    },
  }
  return readOutcome(await handler(request('POST', url, body, { 'x-run-id': call.runId })))
}

function readOutcome({ status, headers, body: text }: HandlerAnswer): Outcome {
  // The SDK writes its own names in mixed case.
  const told = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (!told.has('x-inngest-sdk')) throw new Error(`The handler answered ${status}: ${text.slice(0, 200)}`)
  const body: unknown = text === '' ? null : JSON.parse(text)
  const retry: Retry = { again: told.get('x-inngest-no-retry') !== 'true', after: told.get('retry-after') }
  if (status === 200) return { type: 'completed', output: body }
  if (status !== 206) return { type: 'failed', error: plainError(body), retry }
  const ops = (Array.isArray(body) ? body : [body]) as Op[]
  const end = ops.find(({ op }) => op === 'RunComplete')
  return end === undefined ? { type: 'ops', ops, retry } : { type: 'completed', output: end.data ?? null }
}

/** Whatever was thrown, as an error that travels. */
export function plainError(thrown: unknown): PlainError {
  if (thrown instanceof Error)
    return { name: thrown.name, message: thrown.message, ...(thrown.stack && { stack: thrown.stack }) }
  if (typeof thrown !== 'object' || thrown === null) return { name: 'Error', message: String(thrown) }
  const { name, message, error } = thrown as Record<string, unknown>
  return {
    ...thrown,
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : typeof error === 'string' ? error : 'Unknown error',
  }
}

function request(
  method: HandlerCall['method'],
  url: URL,
  body: unknown,
  headers: Record<string, string>,
): HandlerCall {
  const usual = {
    host: url.host,
    'content-type': 'application/json',
    'x-inngest-server-kind': 'cloud',
  }
  return { method, url, headers: { ...usual, ...headers }, body: JSON.stringify(body) }
}

import type { StoredEvent } from './event.ts'
import { signature } from './sign.ts'

/** The SDK's handler, as `serve` makes it, or something that passes requests on to one. */
export type Handler = (request: Request) => Promise<Response>

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
  opts?: Record<string, unknown>
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
  /** The one step to run, by its hashed id; undefined: find out what is next. */
  stepId: string | undefined
  attempt: number
  maxAttempts: number
  /** Steps that are found are planned, not run at once: others are under way. */
  plan: boolean
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
export async function readConfigurations(handler: Handler, signingKey: string): Promise<unknown[]> {
  const response = await handler(
    signed(URL_BASE, 'PUT', { url: URL_BASE }, signingKey, { 'x-inngest-sync-kind': 'in_band' }),
  )
  const body = (await response.json()) as { functions?: unknown }
  if (response.status !== 200 || !Array.isArray(body.functions))
    throw new Error(`The handler did not tell its functions: ${response.status} ${JSON.stringify(body)}`)
  return body.functions
}

/**
 * Calls a function (SDK_SPEC 4.4). `ctx.fn_id` is left out on purpose: with it the SDK would run steps on
 * and report them to a server's checkpoint API.
 * @throws Error when the answer is none of the SDK's
 */
export async function callFunction(handler: Handler, signingKey: string, call: Call): Promise<Outcome> {
  const url = new URL(URL_BASE)
  url.searchParams.set('fnId', call.functionId)
  url.searchParams.set('stepId', call.stepId ?? 'step')
  const stack = [...call.steps.keys()]
  const body = {
    event: call.event,
    events: [call.event],
    steps: Object.fromEntries(call.steps),
    ctx: {
      run_id: call.runId,
      attempt: call.attempt,
      max_attempts: call.maxAttempts,
      disable_immediate_execution: call.plan,
      use_api: false,
      stack: { stack, current: Math.max(0, stack.length - 1) },
    },
  }
  const response = await handler(signed(url.href, 'POST', body, signingKey, { 'x-run-id': call.runId }))
  return readOutcome(response)
}

async function readOutcome(response: Response): Promise<Outcome> {
  const text = await response.text()
  if (!response.headers.has('x-inngest-sdk'))
    throw new Error(`The handler answered ${response.status}: ${text.slice(0, 200)}`)
  const body: unknown = text === '' ? null : JSON.parse(text)
  const noRetry = response.headers.get('x-inngest-no-retry')
  const retry: Retry = {
    again: noRetry !== 'true',
    after: response.headers.get('retry-after') ?? undefined,
  }
  if (response.status === 200) return { type: 'completed', output: body }
  if (response.status !== 206) return { type: 'failed', error: plainError(body), retry }
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

function signed(
  url: string,
  method: string,
  body: unknown,
  signingKey: string,
  headers: Record<string, string>,
): Request {
  return new Request(url, {
    method,
    body: JSON.stringify(body),
    headers: {
      ...headers,
      host: new URL(url).host,
      'content-type': 'application/json',
      'x-inngest-server-kind': 'cloud',
      'x-inngest-signature': signature(body, signingKey),
    },
  })
}

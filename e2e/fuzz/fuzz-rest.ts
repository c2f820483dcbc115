import fc from 'fast-check'
import { type Document, readDescription } from '../protocol/described.ts'
import type { Received } from '../protocol/exchange.ts'
import { createInventory } from './known.ts'
import type { OpenApi, Plan } from './plan.ts'
import { type Request, requestOf, shownRequest } from './request.ts'
import { restPlans } from './rest-plans.ts'
import { inParallel, send } from './send.ts'
import { holdsHalfPair } from './texts.ts'

export interface Fuzzing {
  /** The same seed makes the same requests. */
  seed: number
  count: number
  /** Requests at the same time. */
  width: number
  /** What the app cannot tell of itself: addresses of providers, names of configurations. */
  fixed: Record<string, unknown[]>
}

/** What a run of a fuzzer found. */
export interface Found {
  /** How often each status came. */
  statuses: Map<number, number>
  /** Each answer that should not have come, with the request that brought it. */
  faults: string[]
}

const REFRESH_EVERY = 400
/** Node takes some 16 kB of request line and headers. */
const LONGEST_HEAD = 12_000

/** Sends requests made from the app's own OpenAPI document, and holds each answer against it. */
export async function fuzzRest(app: { url: string }, { seed, count, width, fixed }: Fuzzing): Promise<Found> {
  const described = await readDescription(app)
  const plans = fc.sample(restPlans(described.document as Document & OpenApi), { seed, numRuns: count })
  const inventory = createInventory(app, fixed)
  const statuses = new Map<number, number>()
  const faults: string[] = []
  await inParallel(plans, width, async (plan, index) => {
    if (index % REFRESH_EVERY === 0) await inventory.refresh()
    const request = requestOf(plan, (known, path) => inventory.lookup(known, path))
    const answer = await send(app, request)
    if (answer.status < 300) inventory.learn(request.path, answer.headers.etag, answer.json)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const wrong = faultOf(plan, request, answer, (id) => described.faults(id, answer))
    if (wrong !== undefined)
      faults.push(`${wrong}\n  ${shownRequest(request)}\n  ${answer.text.slice(0, 400)}`)
  })
  return { statuses, faults }
}

function faultOf(
  { operationId, method }: Plan,
  { path }: Request,
  answer: Received,
  faultsOf: (operationId: string) => string[],
): string | undefined {
  const { status, text } = answer
  const wrong = answerFault(answer)
  if (wrong !== undefined) return wrong
  if (method === 'HEAD' || status === 304) return text === '' ? undefined : `${status} with a body`
  // What Node itself refuses reaches no operation.
  if (status === 431 && path.length > LONGEST_HEAD) return undefined
  // A path with dots, empty parts, a slash or broken escapes in it may be another one.
  const isOther = /%2f|\/\.\.?(\/|$|\?)|%2e|%(?![0-9a-f]{2})|\/(\/|$|\?)/i.test(path)
  if (operationId === undefined || isOther) return status < 400 ? undefined : problemFault(answer)
  // The headers of the answer say that it is a stream; its data are held against the document elsewhere.
  if (status < 300 && answer.headers['content-type']?.startsWith('text/event-stream')) return undefined
  return faultsOf(operationId)[0]
}

/** What no answer may be, whatever was asked. */
export function answerFault({ status, text, headers }: Received): string | undefined {
  if (status >= 500 || status === 0) return `status ${status}`
  // In a page scripts hold JSON within JSON, where an escape may be a text that was written so.
  const isPage = headers['content-type']?.startsWith('text/html') === true
  return (isPage ? !text.isWellFormed() : holdsHalfPair(text))
    ? 'half of a surrogate pair in the answer'
    : undefined
}

/** Whether a refusal is a problem as RFC 9457 has it. */
function problemFault({ status, headers, json }: Received): string | undefined {
  if (headers['content-type'] !== 'application/problem+json') return `${status} is no problem document`
  const problem = typeof json === 'object' && json !== null ? new Map(Object.entries(json)) : new Map()
  const whole = problem.get('status') === status && typeof problem.get('detail') === 'string'
  return whole ? undefined : `${status} is not a whole problem document`
}

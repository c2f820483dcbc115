import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AppError, appError, ERROR_CATALOGUE } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { refusalHeaders } from '../refusal-headers.ts'
import { safetyHeaders } from '../safety-headers.ts'
import type { PlainPage } from './plain-page.ts'
import { refusalPage } from './refusal-page.ts'
import { waitingPage } from './waiting-page.ts'

/** The methods of a response that begin to send it, as they were before anybody put others in their place. */
type Plain = Pick<ServerResponse, 'writeHead' | 'end'>

/**
 * Has Next answer with a page, while pages can be made. While they cannot (the app starts, the database is
 * away, full or overloaded) the answer is 503 with a page that comes back by itself.
 */
export function servePage(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const isHead = request.method === 'HEAD'
  const reason = whyNoPage()
  if (reason !== undefined) return sendWaitingPage(response, reason, isHead)
  const outcome: { failure: AppError | undefined } = { failure: undefined }
  beforeItBegins(response, (status, plain) => {
    if (status < 500 || outcome.failure === undefined) return false
    // They describe the page that failed.
    for (const name of response.getHeaderNames()) if (name !== 'connection') response.removeHeader(name)
    sendWaitingPage(plain, outcome.failure, isHead)
    return true
  })
  withPageOutcome(outcome, next)
}

/** Why no page can be made now; undefined when one can. */
export function whyNoPage(): AppError | undefined {
  const { phase, database } = getRuntime()
  if (phase === 'starting') return appError('unavailable', 'Incipit is starting.', { retryAfter: 2 })
  if (database.availability.down)
    return appError('unavailable', 'The database does not answer.', { retryAfter: 2 })
  return undefined
}

/**
 * Asks once more before the first byte of a response is sent: Next tells nobody earlier that a page failed.
 * @param replace sends another answer instead, and says whether it did; what Next sends then goes nowhere
 */
function beforeItBegins(response: ServerResponse, replace: (status: number, plain: Plain) => boolean): void {
  const writeHead = response.writeHead.bind(response)
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  const flushHeaders = response.flushHeaders.bind(response)
  let isReplaced = false
  const hasGone = (status = response.statusCode) => {
    isReplaced ||= !response.headersSent && replace(status, { writeHead, end })
    return isReplaced
  }
  Object.assign(response, {
    writeHead: (status: number, ...more: unknown[]) =>
      hasGone(status) ? response : Reflect.apply(writeHead, response, [status, ...more]),
    write: (...args: unknown[]) => hasGone() || Reflect.apply(write, response, args),
    end: (...args: unknown[]) => (hasGone() ? response : Reflect.apply(end, response, args)),
    flushHeaders: () => hasGone() || flushHeaders(),
  })
}

/** Sends the page that comes back by itself. */
export function sendWaitingPage(response: Plain, reason: AppError, isHead: boolean): void {
  const retryAfter = Math.ceil(reason.retryAfter ?? 5)
  const headers = { 'retry-after': String(retryAfter) }
  sendPlainPage(response, waitingPage(reason.message, retryAfter), { status: 503, headers, isHead })
}

/** Sends the page that tells why another one is refused, with the status and the headers of the refusal. */
export function sendRefusalPage(
  response: Plain,
  error: AppError,
  { id, isHead }: { id: string; isHead: boolean },
): void {
  const headers = { 'x-request-id': id, ...refusalHeaders(error, 'rest') }
  sendPlainPage(response, refusalPage(error, id), {
    status: ERROR_CATALOGUE[error.code].status,
    headers,
    isHead,
  })
}

function sendPlainPage(
  response: Plain,
  { html, policy }: PlainPage,
  { status, headers, isHead }: { status: number; headers: Record<string, string>; isHead: boolean },
): void {
  response.writeHead(status, {
    ...safetyHeaders(),
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
    ...headers,
    'content-security-policy': policy,
  })
  response.end(isHead ? undefined : html)
}

/** Where a page that is being made leaves what it failed at. */
interface PageOutcome {
  failure: AppError | undefined
}

function outcomes(): AsyncLocalStorage<PageOutcome> {
  return getRuntime().once('http.page-outcomes', () => new AsyncLocalStorage())
}

/** Renders a page and records its failure in the outcome. */
function withPageOutcome(outcome: PageOutcome, make: () => void): void {
  outcomes().run(outcome, make)
}

/** Notes that the page under way cannot be read now, but can be later: it is answered 503 instead of 500. */
export function notePageFailure(error: AppError): void {
  const outcome = outcomes().getStore()
  if (outcome !== undefined && ERROR_CATALOGUE[error.code].status === 503) outcome.failure = error
}

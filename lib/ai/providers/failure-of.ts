import { scrub } from '../../log.ts'
import { cutText } from '../../text.ts'
import { type FailureFacts, isProviderFailure, providerFailure } from './failure.ts'
import { hideKey } from './hide-key.ts'
import type { FailureKind, ProviderFailure } from './provider.ts'
import { member, requestIdIn } from './reported.ts'
import { type ResponseHeaders, retryAfterOf } from './retry-after.ts'

export interface FailureContext {
  /** Title of the provider, for the message. */
  provider: string
  /** The key of the call, which a provider may quote. */
  hide: string | undefined
}

const LONGEST_MESSAGE = 500
const UNREACHABLE =
  /^(?:ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|EADDRNOTAVAIL|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|UND_ERR_SOCKET|UND_ERR_CLOSED|HPE_)/
const TIMED_OUT = /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/

/** Words that APIs put into `type` or `code` of an error that comes without a status, in a stream. */
const WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/insufficient_quota|billing/, 'quota_exceeded'],
  [/rate_limit/, 'rate_limited'],
  [/overloaded|unavailable/, 'overloaded'],
  [/timeout/, 'timeout'],
  [/authentication|permission|invalid_api_key/, 'unauthorized'],
  [/too_large|context_length/, 'too_large'],
  [/invalid|not_found|unsupported/, 'refused_request'],
]

/** What both SDKs hang on their errors. */
interface SdkError {
  status?: unknown
  headers?: unknown
  requestID?: unknown
  type?: unknown
  code?: unknown
  error?: unknown
}

/** An error as APIs describe one. */
export interface DescribedError {
  type?: unknown
  code?: unknown
  message?: unknown
}

/**
 * What a thrown value means: one of our own failures wherever it is wrapped, an answer with an error
 * status, an error within a stream, a broken connection, or an answer that cannot be read. Undefined for
 * anything else, which is a fault of ours or the caller's own reason.
 */
export function failureOf(error: unknown, context: FailureContext): ProviderFailure | undefined {
  const chain = causes(error)
  const own = chain.find(isProviderFailure)
  if (own !== undefined) return withoutKey(own, context)
  for (const link of chain) {
    const failure = fromAnswer(link, context) ?? fromConnection(link, context)
    if (failure !== undefined) return failure
  }
  return undefined
}

/** A failure that is told within an answer, which has begun with status 200. */
export function failureInStream(error: unknown, context: FailureContext, facts?: FailureFacts) {
  const described = asDescribed(error)
  const words = wordsOf(described)
  const kind = WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'server_error'
  const said = quoted(described.message, context)
  const what = `${context.provider} ended its answer with an error`
  return providerFailure(kind, `${what}${said}`, { ...facts, summary: `${what}.` })
}

/** An error, its causes and, of several attempts to connect, the first one's. */
function causes(error: unknown): Error[] {
  const chain: Error[] = []
  for (let link = error; link instanceof Error && chain.length < 8; link = link.cause) {
    chain.push(link)
    const [first]: unknown[] = link instanceof AggregateError ? link.errors : []
    if (first instanceof Error) chain.push(first)
  }
  return chain
}

/** The errors of both SDKs, told by their shape. */
function fromAnswer(error: Error & SdkError, context: FailureContext): ProviderFailure | undefined {
  const { status, headers, requestID } = error
  if (!isHeaders(headers)) return undefined
  const facts = {
    requestId: hiddenIn(requestIdIn(requestID), context),
    retryAfter: retryAfterOf(headers),
  }
  const described = describedIn(error)
  if (typeof status !== 'number') return failureInStream(described, context, facts)
  const said = quoted(described.message ?? withoutStatus(error.message, status), context)
  const kind = kindOfStatus(status, wordsOf(described))
  const what = `${context.provider} answered ${status}`
  return providerFailure(kind, `${what}${said}`, { ...facts, status, summary: `${what}.` })
}

/** OpenAI's SDK keeps the inner error, Anthropic's the whole body. */
function describedIn({ error, type, code }: SdkError): DescribedError {
  const inner = member(error, 'error') ?? error
  return { type, code, ...asDescribed(inner) }
}

/** Some servers say it in a text alone. */
function asDescribed(error: unknown): DescribedError {
  if (typeof error === 'string') return { message: error }
  const described: DescribedError = {}
  for (const name of ['type', 'code', 'message'] as const) {
    const value = member(error, name) ?? undefined
    if (value !== undefined) described[name] = value
  }
  return described
}

function wordsOf({ type, code }: DescribedError): string {
  return [type, code].filter((word) => typeof word === 'string').join(' ')
}

function kindOfStatus(status: number, words: string): FailureKind {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 402 || /insufficient_quota/.test(words)) return 'quota_exceeded'
  if (status === 408) return 'timeout'
  if (status === 413 || /context_length/.test(words)) return 'too_large'
  if (status === 429) return 'rate_limited'
  if (status === 409 || status === 425 || status === 503 || status === 529) return 'overloaded'
  if (status >= 500) return 'server_error'
  return 'refused_request'
}

function fromConnection(error: Error, { provider }: FailureContext): ProviderFailure | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (TIMED_OUT.test(code))
    return providerFailure('timeout', `${provider} could not be reached in time (${code}).`)
  if (UNREACHABLE.test(code))
    return providerFailure('unreachable', `${provider} cannot be reached (${code}).`)
  if (error.name === 'SyntaxError')
    return providerFailure('bad_answer', `${provider} answered with something that cannot be read.`)
  if (error.name === 'TypeError' && error.message === 'fetch failed' && error.cause === undefined)
    return providerFailure('unreachable', `${provider} cannot be reached.`)
  return undefined
}

/** What a provider said, fit to be shown: one line, not too long, no key; a page of HTML says nothing. */
function quoted(message: unknown, { hide }: FailureContext): string {
  if (typeof message !== 'string') return '.'
  const line = cutText(message, 10 * LONGEST_MESSAGE)
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (line === '' || line.startsWith('<')) return '.'
  const safe = scrub(hideKey(line, hide))
  return `: ${safe.length > LONGEST_MESSAGE ? `${cutText(safe, LONGEST_MESSAGE)}…` : safe}`
}

function hiddenIn(text: string | undefined, { hide }: FailureContext): string | undefined {
  return text === undefined ? undefined : hideKey(text, hide)
}

function withoutKey(failure: ProviderFailure, { hide }: FailureContext): ProviderFailure {
  const message = scrub(hideKey(failure.message, hide))
  return message === failure.message ? failure : providerFailure(failure.kind, message, failure)
}

function withoutStatus(message: string, status: number): string | undefined {
  const said = message.replace(new RegExp(`^${status} `), '')
  return said === 'status code (no body)' ? undefined : said
}

function isHeaders(value: unknown): value is ResponseHeaders {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function'
}

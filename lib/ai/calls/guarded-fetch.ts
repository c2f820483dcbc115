import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, request, Response as UndiciResponse } from 'undici'
import type { LoadedConfig } from '../../config/load.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { providerFailure } from '../providers/failure.ts'
import type { ProviderFailure } from '../providers/provider.ts'
import { refusedAddress, refusedUrl } from './addresses.ts'
import type { CallWatch } from './watch.ts'

/** Resolves a name to all its addresses, as dns.lookup does. */
export type Resolve = (
  host: string,
  done: (error: Error | null, addresses: dns.LookupAddress[]) => void,
) => void

/** Ways out of this process to providers. */
export interface Outgoing {
  /**
   * A fetch for one call, which its watch measures.
   * @param trace headers that say which trace the call is a part of
   */
  fetchFor(watch: Pick<CallWatch, 'received'>, trace?: TraceHeaders): typeof fetch
  /** This process ends: calls that break off now are no fault of a provider. */
  readonly isClosed: boolean
  close(): Promise<void>
}

type TraceHeaders = Readonly<Record<string, string>>

/** Headers of a request that leave; the SDKs add some that describe this machine or the environment. */
const SENT = new Set([
  'accept',
  'authorization',
  'content-type',
  'user-agent',
  'x-api-key',
  'anthropic-version',
  'anthropic-beta',
])

/** The ways out of this process; connections are kept and shared by all calls. */
export function outgoing(): Outgoing {
  return getRuntime().once('ai.outgoing', (runtime: Runtime) => {
    const made = createOutgoing(runtime.config)
    runtime.onShutdown('close', 'connections to providers', () => made.close())
    return made
  })
}

/**
 * Makes ways out that are guarded against SSRF: the address is checked when the connection is made, after
 * its name was resolved, so that a name cannot point elsewhere in between; redirects are not followed.
 */
export function createOutgoing(config: LoadedConfig, resolve: Resolve = resolveAll): Outgoing {
  const agent = new Agent({
    connect: guardedConnector(config, resolve),
    // The watch of a call measures these, from its beginning to its end.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  })
  let isClosed = false
  return {
    fetchFor: (watch, trace) => guardedFetch(config, agent, watch, trace),
    get isClosed() {
      return isClosed
    },
    close() {
      isClosed = true
      return agent.destroy()
    },
  }
}

/** Makes connections to allowed addresses alone. @param config `ai.connect_ms` is the time for each */
export function guardedConnector(
  config: LoadedConfig,
  resolve: Resolve = resolveAll,
): buildConnector.connector {
  const connectors = new Map(
    ['http:', 'https:'].map((protocol) => [
      protocol,
      buildConnector({
        timeout: config.ai.connect_ms,
        allowH2: false,
        lookup: guardedLookup(config, resolve, protocol),
      }),
    ]),
  )
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    // A host that is an address is never looked up, so it is checked here.
    const refused = isIP(host) === 0 ? undefined : refusedAddress(host, host, options.protocol, config)
    const connect = connectors.get(options.protocol)
    if (refused !== undefined || connect === undefined)
      callback(
        providerFailure('blocked_address', refused ?? 'Only http and https addresses are called.'),
        null,
      )
    else connect(options, callback)
  }
}

/** Every address of a name must be allowed: one that is not would be somebody's second try. */
function guardedLookup(config: LoadedConfig, resolve: Resolve, protocol: string): LookupFunction {
  return (host, options, callback) => {
    resolve(host, (error, addresses) => {
      if (error !== null) return callback(error, '')
      for (const { address } of addresses) {
        const refused = refusedAddress(address, host, protocol, config)
        if (refused !== undefined) return callback(providerFailure('blocked_address', refused), '')
      }
      const [first] = addresses
      if (first === undefined)
        return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '')
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

const resolveAll: Resolve = (host, done) => dns.lookup(host, { all: true }, done)

function guardedFetch(
  config: LoadedConfig,
  agent: Agent,
  watch: Pick<CallWatch, 'received'>,
  trace: TraceHeaders = {},
): typeof fetch {
  const call = async (input: string | URL | Request, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
    const refused = refusedUrl(url, config)
    if (refused !== undefined) throw providerFailure('blocked_address', refused)
    const answer = await request(url, {
      method: init.method ?? 'GET',
      headers: { ...sentHeaders(init.headers), ...trace },
      body: typeof init.body === 'string' ? init.body : null,
      signal: init.signal ?? null,
      dispatcher: agent,
    }).catch(notReached)
    const refusal = refusedAnswer(answer)
    if (refusal === undefined) return responseOf(answer, watch)
    answer.body.on('error', () => undefined).destroy()
    throw refusal
  }
  // undici's own classes, which do what the platform's do; the SDKs take either.
  return call as typeof fetch
}

type Answer = Dispatcher.ResponseData

/** An address that nothing can be sent to is a failure of the call, not a fault of ours. */
function notReached(error: unknown): never {
  const isOurs = error instanceof Error && (error.name === 'AbortError' || 'kind' in error)
  const isKnown =
    error instanceof Error && 'code' in error && !String(error.code).startsWith('UND_ERR_INVALID')
  if (isOurs || isKnown) throw error
  throw providerFailure('unreachable', 'The provider cannot be asked at this address.')
}

/**
 * Why an answer is not read. Nothing that is compressed is decoded: none was asked for, and decoders of what
 * strangers send are a way in. A status that is none of HTTP's belongs to no answer.
 */
function refusedAnswer({ statusCode: status, headers }: Answer): ProviderFailure | undefined {
  if (status >= 300 && status < 400)
    return providerFailure(
      'blocked_address',
      'The provider answered with a redirect, which is not followed.',
      { status },
    )
  if (status < 200 || status > 599)
    return providerFailure('bad_answer', `The provider answered with the status ${status}.`)
  const encodings = [headers['content-encoding'] ?? []].flat().join(',').split(',')
  if (encodings.every((encoding) => /^\s*(?:identity)?\s*$/i.test(encoding))) return undefined
  return providerFailure(
    'bad_answer',
    'The provider answered in a content encoding, though it was asked for none.',
  )
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205])

function responseOf({ statusCode: status, headers, body }: Answer, watch: Pick<CallWatch, 'received'>) {
  const entries = Object.entries(headers).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
  if (!WITHOUT_BODY.has(status))
    return new UndiciResponse(measured(body, watch), { status, headers: entries })
  body.on('error', () => undefined).resume()
  return new UndiciResponse(null, { status, headers: entries })
}

function sentHeaders(headers: RequestInit['headers']): Record<string, string> {
  const sent = [...new Headers(headers)].filter(([name]) => SENT.has(name))
  return { ...Object.fromEntries(sent), 'accept-encoding': 'identity' }
}

/** The body as it comes, each piece reported to the watch. */
function measured(body: Answer['body'], watch: Pick<CallWatch, 'received'>): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next().catch(brokeOff)
        if (done === true) return controller.close()
        const piece: Uint8Array = value
        watch.received(piece)
        controller.enqueue(piece)
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  )
}

function brokeOff(error: unknown): never {
  if (error instanceof Error && error.name === 'AbortError') throw error
  throw providerFailure('bad_answer', 'The connection broke off in the middle of the answer.')
}

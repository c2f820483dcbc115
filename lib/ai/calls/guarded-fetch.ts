import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, Response as UndiciResponse, fetch as undiciFetch } from 'undici'
import type { LoadedConfig } from '../../config/load.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { providerFailure } from '../providers/failure.ts'
import { refusedAddress, refusedUrl } from './addresses.ts'
import type { CallWatch } from './watch.ts'

/** Resolves a name to all its addresses, as dns.lookup does. */
export type Resolve = (
  host: string,
  done: (error: Error | null, addresses: dns.LookupAddress[]) => void,
) => void

/** Ways out of this process to providers. */
export interface Outgoing {
  /** A fetch for one call, which its watch measures. */
  fetchFor(watch: Pick<CallWatch, 'received'>): typeof fetch
  close(): Promise<void>
}

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
  return {
    fetchFor: (watch) => guardedFetch(config, agent, watch),
    close: () => agent.destroy(),
  }
}

function guardedConnector(config: LoadedConfig, resolve: Resolve): buildConnector.connector {
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

function guardedFetch(config: LoadedConfig, agent: Agent, watch: Pick<CallWatch, 'received'>): typeof fetch {
  const call = async (input: string | URL | Request, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
    const refused = refusedUrl(url, config)
    if (refused !== undefined) throw providerFailure('blocked_address', refused)
    const response = await undiciFetch(url, {
      method: init.method ?? 'GET',
      headers: sentHeaders(init.headers),
      body: typeof init.body === 'string' ? init.body : null,
      signal: init.signal ?? null,
      redirect: 'manual',
      dispatcher: agent,
    })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw providerFailure(
        'blocked_address',
        'The provider answered with a redirect, which is not followed.',
        {
          status: response.status,
        },
      )
    }
    if (response.body === null) return response
    const { status, statusText, headers } = response
    return new UndiciResponse(measured(response.body, watch), { status, statusText, headers })
  }
  // undici's own classes, which do what the platform's do; the SDKs take either.
  return call as typeof fetch
}

function sentHeaders(headers: RequestInit['headers']): [string, string][] {
  return [...new Headers(headers)].filter(([name]) => SENT.has(name))
}

type Body = NonNullable<UndiciResponse['body']>

/** The body as it comes, each piece reported to the watch. */
function measured(body: Body, watch: Pick<CallWatch, 'received'>): Body {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch(brokeOff)
        if (done) return controller.close()
        watch.received(value)
        controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  ) as Body
}

function brokeOff(error: unknown): never {
  if (error instanceof Error && error.name === 'AbortError') throw error
  throw providerFailure('bad_answer', 'The connection broke off in the middle of the answer.')
}

import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, request } from 'undici'
import { isPublicAddress } from '../../ai/calls/addresses.ts'

const DOCUMENT_BYTES = 65_536

/** A document as it was read. */
export interface FetchedDocument {
  readonly text: string
  /** Its Cache-Control header. */
  readonly cacheControl: string
}

export type FetchDocument = (url: string) => Promise<FetchedDocument>

/** Resolves a name to all its addresses, as dns.lookup does. */
export type Resolve = (
  host: string,
  done: (error: Error | null, addresses: dns.LookupAddress[]) => void,
) => void

/** How a document is reached; tests reach one on their own machine. */
export interface Way {
  readonly resolve: Resolve
  readonly isAllowed: (address: string) => boolean
  readonly timeMs: number
  /** Authorities besides those of the system. */
  readonly ca?: string
}

const PUBLIC: Way = {
  resolve: (host, done) => dns.lookup(host, { all: true }, done),
  isAllowed: isPublicAddress,
  timeMs: 5_000,
}

/**
 * Reads a small JSON document of a stranger: over https, from the public network alone, without redirects, within
 * five seconds. The address is checked when the connection is made, so that a name cannot lead elsewhere in between.
 * @throws Error
 */
export async function fetchDocument(url: string, way: Way = PUBLIC): Promise<FetchedDocument> {
  const agent = new Agent({
    connect: guardedConnector(way),
    allowH2: false,
    maxResponseSize: DOCUMENT_BYTES,
  })
  try {
    const answer = await request(url, {
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'Incipit' },
      signal: AbortSignal.timeout(way.timeMs),
      dispatcher: agent,
    })
    const fault = answerFault(answer)
    if (fault !== undefined) {
      answer.body.on('error', () => undefined).destroy()
      throw new Error(fault)
    }
    return { text: await answer.body.text(), cacheControl: String(answer.headers['cache-control'] ?? '') }
  } finally {
    void agent.destroy()
  }
}

function answerFault({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  if (statusCode !== 200) return `it was answered with the status ${statusCode}`
  const type = String(headers['content-type'] ?? '')
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) return 'it is no JSON'
  const encoding = String(headers['content-encoding'] ?? 'identity')
  return encoding === 'identity' ? undefined : 'it came in a content encoding, though it was asked for none'
}

function guardedConnector(way: Way): buildConnector.connector {
  const { timeMs: timeout, ca } = way
  const connect = buildConnector({
    timeout,
    allowH2: false,
    lookup: guardedLookup(way),
    ...(ca !== undefined && { ca }),
  })
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    // A host that is an address is never looked up.
    if (options.protocol !== 'https:' || (isIP(host) !== 0 && !way.isAllowed(host)))
      callback(notPublic(), null)
    else connect(options, callback)
  }
}

/** Every address of a name must be allowed: one that is not would be somebody's second try. */
function guardedLookup({ resolve, isAllowed }: Way): LookupFunction {
  return (host, options, callback) => {
    resolve(host, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null) callback(error, '')
      else if (first === undefined || !addresses.every(({ address }) => isAllowed(address)))
        callback(notPublic(), '')
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function notPublic(): NodeJS.ErrnoException {
  return Object.assign(new Error('its host is not in the public network'), { code: 'EACCES' })
}

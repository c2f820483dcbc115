import { getRuntime } from '../runtime.ts'
import { isWithin, type Network, networkFrom, networksFrom } from './networks.ts'

/** A header by its lower-case name. */
type Header = (name: string) => string | undefined

/** Addresses in one header that are read; each proxy adds one. */
const HOPS_MAX = 50

/** Whether a header says that a request came through another server. */
export function isForwardingHeader(name: string): boolean {
  return name === 'forwarded' || name === 'via' || name.startsWith('x-forwarded-')
}

/**
 * The same of headers to which Next has added its own: the address of the other end, the Host, the scheme and the
 * port. What says no more than this machine's own requests do is Next's.
 */
export function isForwardedPastNext(headers: Headers): boolean {
  return [...headers].some(([name, value]) => {
    if (name === 'x-forwarded-for') return !/^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(value)
    if (name === 'x-forwarded-host') return value !== headers.get('host')
    if (name === 'x-forwarded-proto') return value !== 'http'
    return name !== 'x-forwarded-port' && isForwardingHeader(name)
  })
}

/** Whether the other end of a connection is a proxy whose headers count. */
export function isTrustedProxy(peer: string | undefined): boolean {
  return isWithin(peer, trusted())
}

/**
 * The address that a request came from: that of the other end, or what trusted proxies say. Each proxy adds the
 * address that it heard from, so the last one that is no trusted proxy counts; whoever is before it may lie.
 * @param peer the address at the other end of the connection
 */
export function clientAddress(peer: string | undefined, header: Header): string | undefined {
  if (!isTrustedProxy(peer)) return peer
  let nearest = peer
  for (const hop of hops(header).slice(-HOPS_MAX).toReversed()) {
    // Whatever is no address was hidden or made up: the proxy that named it is as near as can be told.
    if (networkFrom(hop) === undefined) return nearest
    nearest = hop
    if (!isTrustedProxy(hop)) return nearest
  }
  return nearest
}

/** The Host that a trusted proxy was asked for; undefined: it says nothing of it. */
export function forwardedHost(header: Header): string | undefined {
  return lastOf(header('x-forwarded-host')) ?? lastOf(parameters(header('forwarded'), 'host'))
}

/** Whether a trusted proxy was asked over TLS; undefined: it says nothing of it. */
export function forwardedScheme(header: Header): 'http' | 'https' | undefined {
  const told = lastOf(header('x-forwarded-proto')) ?? lastOf(parameters(header('forwarded'), 'proto'))
  const scheme = told?.toLowerCase()
  return scheme === 'http' || scheme === 'https' ? scheme : undefined
}

/** Warns once in the life of a process of forwarding headers that do not count. */
export function warnOfForwarding(peer: string | undefined): void {
  const warned = getRuntime().once('access.forwarding', () => ({ is: false }))
  if (warned.is) return
  warned.is = true
  getRuntime().log.warn(
    { address: peer },
    'a request has forwarding headers (Forwarded, X-Forwarded-…, Via) and comes from no trusted proxy: they are ignored. If a proxy is in front, name its address in security.trusted_proxies',
  )
}

/** The addresses that the proxies heard from, the first one first; none where two headers tell different things. */
function hops(header: Header): string[] {
  const listed = header('x-forwarded-for')?.split(',').map(bareAddress)
  const named = parameters(header('forwarded'), 'for')?.map(bareAddress)
  // A proxy that writes one of them may hand on the other as a client made it up.
  if (listed !== undefined && named !== undefined && listed.join() !== named.join()) return []
  return listed ?? named ?? []
}

/** `"[2001:db8::1]:4711"`, `10.0.0.1:80` and `10.0.0.1` without quotes, brackets and port. */
function bareAddress(text: string): string {
  const plain = unquoted(text)
  return /^\[([^\]]*)\](?::\d+)?$/.exec(plain)?.[1] ?? /^([\d.]+):\d+$/.exec(plain)?.[1] ?? plain
}

/** The values of one parameter of Forwarded (RFC 7239), one for each proxy that gives it. */
function parameters(forwarded: string | undefined, name: string): string[] | undefined {
  if (forwarded === undefined) return undefined
  const found = forwarded.split(',').map((element) => {
    const pairs = element.split(';').map((pair) => pair.trim())
    const pair = pairs.find((each) => each.toLowerCase().startsWith(`${name}=`))
    return pair?.slice(name.length + 1)
  })
  const given = found.filter((value) => value !== undefined)
  return given.length === 0 ? undefined : given
}

function lastOf(values: string | string[] | undefined): string | undefined {
  const last = (typeof values === 'string' ? values.split(',') : values)?.at(-1)
  return last === undefined ? undefined : unquoted(last)
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1')
}

function trusted(): readonly Network[] {
  return getRuntime().once('access.proxies', ({ config }) => networksFrom(config.security.trusted_proxies))
}

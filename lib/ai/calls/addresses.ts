import ipaddr from 'ipaddr.js'
import { networkFrom } from '../../access/networks.ts'
import { isLocal } from '../../access/state.ts'
import type { LoadedConfig } from '../../config/load.ts'

/**
 * Ports of other protocols, to which fetch sends nothing (https://fetch.spec.whatwg.org/#port-blocking): a
 * request could be read there as what it is not, such as a mail.
 */
const OF_OTHERS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

/** @param port as in a URL; empty: the usual one of its protocol */
function isPortOfOthers(port: string): boolean {
  return port !== '' && OF_OTHERS.has(Number(port))
}

const ALLOWED_KEY = 'ai.allowed_hosts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Rules = Pick<LoadedConfig, 'ai' | 'server' | 'security' | 'publicUrl'> & {
  /** The key that lists allowed hosts, where those in `ai.allowed_hosts` come from another one. */
  allowedKey?: string
}

/** Networks that a machine's own people may name as they like. */
const HOME = new Set(['loopback', 'private', 'uniqueLocal'])
/** Networks that an allowed name may lie in. */
const NAMED = new Set([...HOME, 'carrierGradeNat', 'unicast'])
/** All that is routed in the public IPv6 network; the rest is old, local or embeds other addresses. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3')
/** Where clouds keep the credentials of their machines, outside the link-local range. */
const METADATA = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '192.0.0.192'].map((text) =>
  ipaddr.parse(text).toNormalizedString(),
)

/**
 * Why a call to a URL is refused before any name is resolved; undefined when nothing speaks against it.
 * A name still has to resolve to allowed addresses, see `refusedAddress`.
 */
export function refusedUrl(url: URL, config: Rules): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'Only http and https addresses are called.'
  if (url.username !== '' || url.password !== '') return 'An address holds no user name and no password.'
  if (isPortOfOthers(url.port)) return `Port ${url.port} belongs to another protocol and is not called.`
  const host = hostOf(url.hostname)
  if (!isName(host) && !ipaddr.isValid(host))
    return 'A host name has at most 253 characters, and 1 to 63 between two dots.'
  if (ipaddr.isValid(host)) return refusedAddress(host, host, url.protocol, config)
  if (url.protocol === 'https:' || isNamed(host, config)) return undefined
  if (isLocal(config)) return undefined
  return plainHttp(host, config)
}

/**
 * Why a connection to an address is refused; undefined when it is allowed.
 * @param address what the host is, or was resolved to a moment ago
 * @param protocol `https:`, or `http:`, which is for allowed private hosts alone
 */
export function refusedAddress(
  address: string,
  hostname: string,
  protocol: string,
  config: Rules,
): string | undefined {
  const host = hostOf(hostname)
  if (!ipaddr.isValid(address)) return `${host} is no address.`
  const found = ipaddr.process(address)
  const network = networkOf(found)
  const isAllowed = isListed(found, config) || (isNamed(host, config) && NAMED.has(network))
  if (isAllowed || (HOME.has(network) && isLocal(config))) return undefined
  if (network !== 'unicast') return blocked(host, network, config)
  return protocol === 'https:' ? undefined : plainHttp(host, config)
}

/**
 * Where a base URL leads: what two of them have in common when a key for one belongs to the other. Case of the
 * host, usual ports, dot segments and slashes at the end make no difference; anything else does.
 */
export function destinationOf(baseUrl: string | null): string | null {
  return baseUrl === null ? null : new URL(baseUrl).href.replace(/\/+$/, '')
}

/** The network that an address lies in, in the words of ipaddr.js; `unicast` is the public one. */
function networkOf(address: Address): string {
  if (METADATA.includes(address.toNormalizedString())) return 'metadata'
  const range = address.range()
  if (range !== 'unicast' || address.kind() === 'ipv4') return range
  return address.match(PUBLIC_IPV6) ? range : 'reserved'
}

/** Whether an address lies in the public network, where nothing is for us alone. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && networkOf(ipaddr.process(address)) === 'unicast'
}

function isNamed(host: string, { ai }: Rules): boolean {
  return ai.allowed_hosts.some((entry) => entry.toLowerCase() === host)
}

function isListed(address: Address, { ai }: Rules): boolean {
  return ai.allowed_hosts.some((entry) => {
    // What is no network is a name.
    const range = networkFrom(entry)
    return range !== undefined && range[0].kind() === address.kind() && address.match(...range)
  })
}

function isName(host: string): boolean {
  return host.length <= 253 && host.split('.').every((label) => label.length >= 1 && label.length <= 63)
}

/** Lower-case, without the brackets of IPv6 and the dot that ends a full name. */
function hostOf(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '')
}

function blocked(host: string, network: string, { allowedKey }: Rules): string {
  return `${host} lies in a network that is not called (${network}). The operator can allow it with ${allowedKey ?? ALLOWED_KEY}.`
}

function plainHttp(host: string, { allowedKey }: Rules): string {
  return `${host} is called over https alone. The operator can allow plain http with ${allowedKey ?? ALLOWED_KEY}.`
}

import type { LoadedConfig } from '../config/load.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'

/** Names that always mean this machine. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const HOST_HEADER = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::(\d{1,5}))?$/

/** The name in a Host header, lower-case and without its port; undefined when it is no such header. */
function hostName(header: string): string | undefined {
  return HOST_HEADER.exec(header.toLowerCase())?.[1]
}

/** Names that requests may be addressed to besides loopback: the configured ones and the public address. */
function allowedHosts(config: Pick<LoadedConfig, 'security' | 'publicUrl' | 'server'>): ReadonlySet<string> {
  const names = new Set(config.security.allowed_hosts.map((name) => hostName(name) ?? name.toLowerCase()))
  names.add(new URL(config.publicUrl).hostname)
  const { host } = config.server
  if (host !== '0.0.0.0' && host !== '::') names.add(host.includes(':') ? `[${host}]` : host)
  return names
}

/**
 * Refuses a request that was addressed to another name. A page elsewhere whose name was made to resolve
 * to this machine (DNS rebinding) carries its own name here, reads included.
 * @param host the Host header (HTTP/2: `:authority`)
 * @throws forbidden
 */
export function checkHost(host: string | undefined): void {
  if (isOwnHost(host)) return
  throw appError(
    'forbidden',
    'This server does not answer under that host name. Its operator can allow it with security.allowed_hosts.',
    { details: [{ path: ['Host'], code: 'host_not_allowed', message: 'is not an allowed host name' }] },
  )
}

/** Headers that only browsers send, with the request of a page. */
const PAGE_HEADERS = ['sec-fetch-site', 'sec-fetch-dest', 'origin', 'referer', 'cookie']

/**
 * Lets tools ask under any address or name, such as that of a service in a cluster. A page whose name was
 * made to resolve to this machine is known by what its browser sends along.
 * @param header a header by its lower-case name
 * @throws forbidden
 */
export function checkToolHost(header: (name: string) => string | undefined): void {
  const sends = (name: string) => header(name) !== undefined
  // No page can set `sec-…`, and a browser sends them together: the mode alone is that of Node's own fetch, which
  // names a language too.
  const isOfPage = PAGE_HEADERS.some(sends) || (sends('accept-language') && !sends('sec-fetch-mode'))
  if (isOfPage) checkHost(header('host'))
}

function isOwnHost(host: string | undefined): boolean {
  const name = host === undefined ? undefined : hostName(host)
  return name !== undefined && (LOOPBACK.test(name) || knownHosts().has(name))
}

/** Whether a Host header names this machine, as it sees itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(hostName(host) ?? '')
}

function knownHosts(): ReadonlySet<string> {
  return getRuntime().once('access.hosts', ({ config }) => allowedHosts(config))
}

import type { LoadedConfig } from '../config/load.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

type Addresses = Pick<LoadedConfig, 'server' | 'security' | 'publicUrl'>

/**
 * Whether only people of this machine can come here: it listens on loopback, and nothing says that a proxy
 * lets others in (a public address, names that it answers to, security.allow_open).
 */
export function isLocalMode({ server, security, publicUrl }: Addresses): boolean {
  return (
    LOOPBACK.test(server.host) &&
    LOOPBACK.test(hostOf(publicUrl)) &&
    !security.allow_open &&
    security.allowed_hosts.length === 0
  )
}

/** Whether nobody between a browser and the public address can read along: OAuth works with such an address alone. */
export function isSafeAddress(publicUrl: string): boolean {
  return publicUrl.startsWith('https:') || LOOPBACK.test(hostOf(publicUrl))
}

/**
 * The reason why accounts cannot be served under the public address; undefined when they can.
 * @returns a text that says what to set
 */
export function unsafeAddress({ publicUrl, security }: Addresses): string | undefined {
  if (isSafeAddress(publicUrl) || security.allow_http) return undefined
  return (
    `The public address is ${publicUrl}: passwords, sessions and keys would be sent over plain http. ` +
    'Put a proxy with TLS in front and set INCIPIT_URL to its https address, or set security.allow_http to true.'
  )
}

/** The name of the host, IPv6 without brackets. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}

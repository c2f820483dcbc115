import { isLocalMode, unsafeAddress } from '#lib/access/listen-guard.ts'
import { networksFrom } from '#lib/access/networks.ts'
import type { LoadedConfig } from '#lib/config/load.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const CHECK = 'address'
const PROXY = 'docs/operating.md, "A proxy in front"'

/** How this is reached, and whom it believes. */
export function checkAddress(config: LoadedConfig, hasAccounts: boolean): Finding[] {
  const { security, server, publicUrl } = config
  const found: Finding[] = []
  const unsafe = unsafeAddress(config)
  if (unsafe !== undefined)
    found.push(
      (hasAccounts ? problem : warning)(CHECK, `The public address ${publicUrl} is plain http.`, {
        remedy:
          'Put a proxy with TLS in front and set INCIPIT_URL to its https address; with accounts the start is refused without it.',
        document: PROXY,
      }),
    )
  if (security.allow_open && !hasAccounts)
    found.push(
      warning(CHECK, 'security.allow_open: everybody who reaches this address acts as its owner.', {
        remedy: 'Make the owner account; it ends that for good.',
        document: 'docs/access.md',
      }),
    )
  found.push(...checkProxies(config))
  if (server.url === undefined && !isLoopback(server.host))
    found.push(
      warning(CHECK, `It listens on ${server.host}, and links lead to ${publicUrl}.`, {
        remedy: 'Set INCIPIT_URL to the address under which people and agents reach it.',
        document: PROXY,
      }),
    )
  if (found.length > 0) return found
  return [
    ok(
      CHECK,
      isLocalMode(config) && !hasAccounts ? 'Only this machine is served.' : `It is served as ${publicUrl}.`,
    ),
  ]
}

function checkProxies({ security, publicUrl }: LoadedConfig): Finding[] {
  const everybody = networksFrom(security.trusted_proxies).some(([, bits]) => bits === 0)
  if (everybody)
    return [
      problem(
        CHECK,
        'security.trusted_proxies names every address: anybody can say that they come from another one.',
        {
          remedy: 'Name the addresses of the proxies alone.',
          document: PROXY,
        },
      ),
    ]
  if (security.trusted_proxies.length > 0 || !publicUrl.startsWith('https:')) return []
  return [
    warning(CHECK, `The public address is ${publicUrl}, and security.trusted_proxies names no proxy.`, {
      remedy:
        'Name the proxy in INCIPIT_SECURITY_TRUSTED_PROXIES; without it all clients count as one sender for the limits.',
      document: PROXY,
    }),
  ]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

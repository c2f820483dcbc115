import type { LoadedConfig } from '../config/load.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/**
 * Refuses to serve a whole network while there are no accounts: any client that reaches the port could
 * read and change everything.
 * @throws Error that says what to set
 */
export function checkListen({ server, security }: Pick<LoadedConfig, 'server' | 'security'>): void {
  if (LOOPBACK.test(server.host) || security.allow_open) return
  throw new Error(
    `HOST is ${server.host}, which other machines can reach, and there are no accounts: everybody who reaches it could ` +
      'read and change every prompt. Listen on 127.0.0.1 behind a proxy that authenticates, or set security.allow_open to true.',
  )
}

/**
 * Whether only people of this machine can come here: it listens on loopback, and nothing says that a proxy
 * lets others in (a public address, names that it answers to, security.allow_open). They may do more, such
 * as name an AI provider in their own network.
 */
export function isLocalMode(config: Pick<LoadedConfig, 'server' | 'security' | 'publicUrl'>): boolean {
  return (
    LOOPBACK.test(config.server.host) &&
    LOOPBACK.test(new URL(config.publicUrl).hostname.replace(/^\[|\]$/g, '')) &&
    !config.security.allow_open &&
    config.security.allowed_hosts.length === 0
  )
}

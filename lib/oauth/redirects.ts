/** The part of a loopback address that may differ: programs take any free port of their machine (RFC 8252, 7.3). */
const LOOPBACK = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?=[/?]|$)/i

/** Schemes of browsers and of this machine: nothing of them leads to an app of its own. */
const NO_APP = new Set([
  'about',
  'blob',
  'chrome',
  'chrome-extension',
  'data',
  'feed',
  'file',
  'filesystem',
  'ftp',
  'http',
  'intent',
  'jar',
  'javascript',
  'mailto',
  'moz-extension',
  'resource',
  'sms',
  'tel',
  'vbscript',
  'view-source',
  'ws',
  'wss',
])

/** Whether an address leads to a program on the machine of the browser. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri)
}

/** Why nobody can be sent to an address with a code; undefined when it is possible. */
export function redirectFault(uri: string): string | undefined {
  const url = /[\s\\\p{Cc}]/u.test(uri) ? null : URL.parse(uri)
  if (url === null) return 'is no absolute address'
  if (uri.includes('#')) return 'has a fragment'
  if (url.username !== '' || url.password !== '') return 'holds a user name'
  if (url.protocol === 'https:' || isLoopback(uri)) return undefined
  if (url.protocol === 'http:') return 'is plain http, which only loopback addresses may be'
  return NO_APP.has(url.protocol.slice(0, -1)) ? `has the scheme ${url.protocol.slice(0, -1)}` : undefined
}

/** Whether an address is one that a client has registered: the very text; of a loopback address any port. */
export function isRegistered(uri: string, registered: readonly string[]): boolean {
  const plain = withoutPort(uri)
  return registered.some((each) => each === uri || (isLoopback(each) && withoutPort(each) === plain))
}

function withoutPort(uri: string): string {
  return uri.replace(LOOPBACK, (_, start: string) => start.toLowerCase())
}

/** What a person is told of where a redirect leads: its host, or the scheme of an app. */
export function redirectHost(uri: string): string {
  const { host, protocol } = new URL(uri)
  return protocol === 'https:' || protocol === 'http:' ? host : protocol
}

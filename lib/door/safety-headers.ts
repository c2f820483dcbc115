import { getRuntime } from '../runtime.ts'

/** For what is no page: nothing in it runs, is sent or is shown in a frame. Pages get a policy of their own from proxy.ts. */
const NOTHING_RUNS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Headers of every answer of the server, whoever makes it. next.config.js has those of pages, which must be the same:
 * Next would send both.
 */
export function safetyHeaders(): Readonly<Record<string, string>> {
  return getRuntime().once('http.safety-headers', ({ config }) => {
    const { hsts_seconds: seconds } = config.security
    const isSecure = config.publicUrl.startsWith('https:') && seconds > 0
    return {
      'content-security-policy': NOTHING_RUNS,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      ...(isSecure && { 'strict-transport-security': `max-age=${seconds}` }),
    }
  })
}

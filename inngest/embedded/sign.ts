import { createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * The signature of a call (SDK_SPEC 4.1.3): HMAC-SHA256 over the body as RFC 8785 JSON and the seconds
 * since 1970, keyed with what follows the signing key's prefix.
 */
export function signature(body: unknown, signingKey: string, now = Date.now()): string {
  const seconds = String(Math.floor(now / 1000))
  const key = signingKey.replace(/^signkey-\w+-/, '')
  const hash = createHmac('sha256', key)
    .update(canonicalize(body) ?? '')
    .update(seconds)
    .digest('hex')
  return `t=${seconds}&s=${hash}`
}

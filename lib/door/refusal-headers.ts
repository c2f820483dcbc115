import { isSafeAddress } from '../access/listen-guard.ts'
import { type AppError, ERROR_CATALOGUE } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { leavesBodyUnread } from './read-body.ts'

/** The protection space of a request: REST takes keys; MCP takes tokens, too, and tells where they are to be had. */
export type Realm = 'rest' | 'mcp'

/** Headers with which an error is refused: when to come back, by which limit, and with what proof. */
export function refusalHeaders(error: AppError, realm: Realm): Record<string, string> {
  const { retryAfter, extra } = error
  const challenge = challengeOf(error, realm)
  return {
    ...(retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter)) }),
    ...rateHeaders(extra.rate, retryAfter),
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(leavesBodyUnread(error) && { connection: 'close' }),
  }
}

/** The limit that a sender has used up, as draft-ietf-httpapi-ratelimit-headers writes it. */
function rateHeaders(rate: unknown, retryAfter = 1): Record<string, string> {
  if (!isRate(rate)) return {}
  const { policy, requests, seconds } = rate
  return {
    ratelimit: `"${policy}";r=0;t=${Math.ceil(retryAfter)}`,
    'ratelimit-policy': `"${policy}";q=${requests};w=${seconds}`,
  }
}

/** Whether an error tells of a limit as `limitFor` does. */
function isRate(rate: unknown): rate is { policy: string; requests: number; seconds: number } {
  return (
    typeof rate === 'object' && rate !== null && 'policy' in rate && 'requests' in rate && 'seconds' in rate
  )
}

/** Never Basic: a browser would ask for a password in a window of its own. */
function challengeOf({ code, extra }: AppError, realm: Realm): string | undefined {
  const { required_scope: scope, asked_scope: asked = scope, credential } = extra
  const isRefused = code === 'forbidden' && typeof scope === 'string'
  if (!isRefused && ERROR_CATALOGUE[code].status !== 401) return undefined
  const isWrong = credential === 'key' || credential === 'token'
  const reason = isRefused ? 'insufficient_scope' : isWrong ? 'invalid_token' : undefined
  const metadata = realm === 'mcp' ? metadataAddress() : undefined
  const parameters = {
    error: reason,
    resource_metadata: metadata,
    scope: isRefused ? String(asked) : metadata && 'prompts:read',
  }
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value}"`],
  )
  return ['Bearer', written.join(', ')].join(' ').trim()
}

/** Where a client reads how to get a token; undefined where it gets none. */
function metadataAddress(): string | undefined {
  const { publicUrl } = getRuntime().config
  return isSafeAddress(publicUrl) ? `${publicUrl}/.well-known/oauth-protected-resource/api/mcp` : undefined
}

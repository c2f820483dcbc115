import { type NextRequest, NextResponse } from 'next/server'
import { checkHost } from '#lib/access/host-guard.ts'
import { knownAccessState } from '#lib/access/state.ts'
import { checkNearness } from '#lib/door/admit.ts'
import { ADDRESS_HEADER } from '#lib/door/message.ts'
import { webRequest } from '#lib/door/web.ts'
import { isAppError } from '#lib/errors.ts'

/**
 * Stands before pages and whatever else is no interface. Requests to the interfaces must not match: Next
 * keeps a copy of the body of every request that passes here, and cuts it at 10 MB without a word.
 */
export const config = {
  matcher: [
    '/((?!api(?:/|$)|docs(?:/|$)|client\\.tgz$|mcp/(?:prompts|tools)/(?:list|get|call)$|health(?:/live|/ready)?$|metrics$|_next/static/).*)',
  ],
}

/**
 * Answers only under this server's own names (a page elsewhere whose name resolves to this machine cannot
 * read ours), and gives each page a Content-Security-Policy under which only its own scripts run.
 */
export function proxy(request: NextRequest): NextResponse {
  try {
    checkHost(request.headers.get('host') ?? undefined)
    checkNearness(webRequest(request), knownAccessState())
  } catch (error) {
    if (isAppError(error)) return new NextResponse(`${error.message}\n`, { status: 403 })
    throw error
  }
  // Two nonces: the one for styles stands in the page, where the component library reads it.
  const [scripts, styles] = [newNonce(), newNonce()]
  const policy = contentSecurityPolicy(scripts, styles)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', scripts)
  headers.set('x-style-nonce', styles)
  headers.set('content-security-policy', policy)
  headers.set(ADDRESS_HEADER, request.nextUrl.pathname + request.nextUrl.search)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

function newNonce(): string {
  return crypto.randomUUID().replaceAll('-', '')
}

function contentSecurityPolicy(scriptNonce: string, styleNonce: string): string {
  const scripts = `script-src 'self' 'nonce-${scriptNonce}' 'strict-dynamic'`
  // Development alone evaluates strings, to rebuild stacks, and styles the overlay that shows errors.
  const isDevelopment = process.env.NODE_ENV === 'development'
  return [
    "default-src 'none'",
    isDevelopment ? `${scripts} 'unsafe-eval'` : scripts,
    isDevelopment ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${styleNonce}'`,
    // Sizes and positions that the server renders into `style` attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

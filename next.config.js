import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Sent with everything, and the same as in lib/door/safety-headers.ts. Pages get their Content-Security-Policy from
 * proxy.ts, with a nonce of their own.
 */
const HEADERS = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=()' },
]

/** Pages whose links hold a secret, and those that lead to other servers: no address of theirs is told elsewhere. */
const SECRET_PAGES = '/:path(sign-in|set-up|invitation|reset|consent)'

/** @type {import('next').NextConfig} */
const config = {
  distDir: process.env.INCIPIT_DIST_DIR ?? '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by `tsc` in the tests, faster than a build would.
  typescript: { ignoreBuildErrors: true },
  // Images come as data with the messages; nobody asks the server for smaller ones.
  images: { unoptimized: true },
  experimental: {
    // A page that cannot be fetched is waited for; the browser's own error page would end what was written.
    useOffline: true,
    // What a person may not see is told in its place, with status 403.
    authInterrupts: true,
    // A build is made from the start, and nobody reads maps of its code: making either takes a tenth of its time.
    turbopackFileSystemCacheForBuild: false,
    turbopackSourceMaps: process.env.NODE_ENV !== 'production',
  },
  turbopack: { root: path.dirname(fileURLToPath(import.meta.url)) },
  serverExternalPackages: [
    '@marcbachmann/cel-js',
    'inngest',
    'pg',
    'pg-boss',
    'pino',
    'pino-pretty',
    '@prisma/client',
    '@prisma/adapter-pg',
    're2js',
    'openai',
    '@anthropic-ai/sdk',
    'undici',
    // One copy for all bundles, and none in them: they are loaded where they are switched on.
    '@opentelemetry/api',
    '@opentelemetry/api-logs',
    '@opentelemetry/core',
    '@opentelemetry/exporter-logs-otlp-http',
    '@opentelemetry/exporter-logs-otlp-proto',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/exporter-trace-otlp-proto',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-logs',
    '@opentelemetry/sdk-trace',
    '@simplewebauthn/server',
    'openid-client',
  ],
  headers: async () => [
    { source: '/:path*', headers: HEADERS },
    { source: SECRET_PAGES, headers: [{ key: 'Referrer-Policy', value: 'no-referrer' }] },
  ],
}

export default config

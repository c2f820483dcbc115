import type { Plan } from './plan.ts'
import { Known } from './schema-values.ts'
import { percentEncoded } from './texts.ts'

/** Looks up what a `Known` stands for. */
export type Lookup = (known: Known, path: string) => unknown

export interface Request {
  method: string
  path: string
  headers: Record<string, string>
  body: Uint8Array | undefined
}

/** Puts what the app has now into a plan. */
export function requestOf(plan: Plan, lookup: Lookup): Request {
  const filled = (value: unknown, path = '') => fill(value, (known) => lookup(known, path))
  const path = plan.path
    .map((part) => (typeof part === 'string' ? part : segment(filled(part.value))))
    .join('/')
  const query = plan.query
    .map((part) =>
      typeof part === 'string' ? part : `${percentEncoded(part.name)}=${segment(filled(part.value))}`,
    )
    .join('&')
  const headers = Object.fromEntries(
    Object.entries(plan.headers).map(([name, value]) => [name, headerValue(filled(value, path))]),
  )
  const body = bytesOf(plan.body, (value) => filled(value, path))
  return {
    method: plan.method,
    path: query === '' ? path : `${path}?${query}`,
    headers: {
      ...(body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': String(body.byteLength) }),
      ...headers,
    },
    body,
  }
}

function bytesOf(body: Plan['body'], filled: (value: unknown) => unknown): Uint8Array | undefined {
  if (body === undefined) return undefined
  if ('json' in body) return Buffer.from(JSON.stringify(filled(body.json)) ?? 'null')
  return typeof body.raw === 'string' ? Buffer.from(body.raw) : body.raw
}

function segment(value: unknown): string {
  return percentEncoded(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
}

/** What Node's client refuses to send is left out; a test with plain sockets sends it. */
export function headerValue(value: unknown): string {
  return String(value).replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

/** A value with everything known put in. */
export function fill(value: unknown, lookup: (known: Known) => unknown): unknown {
  if (value instanceof Known) return lookup(value)
  if (Array.isArray(value)) return value.map((each) => fill(each, lookup))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, lookup)]))
}

/** A request in words, for a report. */
export function shownRequest({ method, path, headers, body }: Request): string {
  const sent = body === undefined ? '' : Buffer.from(body).toString('utf8').slice(0, 1000)
  return `${method} ${path.slice(0, 500)} ${JSON.stringify(headers).slice(0, 500)} ${sent}`
}

import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { SentEvent } from '../src/event.ts'
import type { Handler } from '../src/sdk.ts'
import { DoubleRuns } from './double-runs.ts'

/** How the double treats who connects to it. */
export type Manner = 'answers' | 'hangs' | 'refuses'

export interface ServerDoubleOptions {
  /** How its calls reach the app; rejects when they do not. */
  deliver: (request: Request) => Promise<Response>
  signingKey: string
  /** How long a second of its waits lasts. */
  secondMs?: number
}

/**
 * A self-hosted Inngest server, as far as an app can tell: it learns functions when they are registered and never
 * asks again, takes events and handles them in any order, counts a call that reaches nobody as a try, waits longer
 * after each, and after a restart makes the calls that it has lost again.
 */
export interface ServerDouble {
  readonly url: string
  readonly runs: DoubleRuns
  /** Addresses that were registered, in order. */
  readonly registered: string[]
  /** Events that it took. */
  readonly events: SentEvent[]
  manner: Manner
  close(): Promise<void>
}

export async function startServerDouble({
  deliver,
  signingKey,
  secondMs = 1000,
}: ServerDoubleOptions): Promise<ServerDouble> {
  const runs = new DoubleRuns(secondMs)
  const registered: string[] = []
  const events: SentEvent[] = []
  const server = createServer((request, response) => {
    if (double.manner === 'refuses') return void request.destroy()
    if (double.manner === 'hangs') return
    void answer(request, response)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as unknown
    const path = request.url ?? '/'
    if (path.startsWith('/e/')) {
      const sent = body as SentEvent[]
      events.push(...sent)
      return json(response, { ids: runs.dispatch(sent), status: 200 })
    }
    if (path.startsWith('/fn/register')) {
      const { url, functions } = body as { url: string; functions: unknown[] }
      registered.push(url)
      runs.learn(functions, handlerAt(url, deliver, signingKey))
      return json(response, { ok: true, modified: true, skipped: false, status: 200 })
    }
    json(response, { error: `The double has no ${path}.`, status: 404 }, 404)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const double: ServerDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    runs,
    registered,
    events,
    manner: 'answers',
    async close() {
      runs.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return double
}

/** Signed calls of an app, one step each: no step is told before its call has ended. */
function handlerAt(address: string, deliver: ServerDoubleOptions['deliver'], signingKey: string): Handler {
  return async ({ method, url, headers, body }) => {
    const { ctx, ...rest } = JSON.parse(body) as { ctx: Record<string, unknown> }
    const { fn_id: _function, qi_id: _call, ...context } = ctx
    // The SDK checks the signature of the canonical form (RFC 8785).
    const sent = JSON.stringify(sorted({ ...rest, ctx: context }))
    const target = new URL(address)
    target.search = url.search
    const signed = { ...headers, host: target.host, 'x-inngest-signature': signature(sent, signingKey) }
    const response = await deliver(new Request(target, { method, headers: signed, body: sent }))
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    }
  }
}

/** The same value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}

function signature(body: string, signingKey: string): string {
  const seconds = String(Math.floor(Date.now() / 1000))
  const key = signingKey.replace(/^signkey-\w+-/, '')
  return `t=${seconds}&s=${createHmac('sha256', key).update(body).update(seconds).digest('hex')}`
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

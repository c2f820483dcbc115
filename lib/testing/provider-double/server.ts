import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Asked, answer } from './answer.ts'
import { type Behaviour, behaviourOf } from './behaviour.ts'
import { DIALECTS } from './dialects.ts'

/** One call as the double received it. */
export interface ReceivedCall {
  path: string
  model: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

/** A local server that speaks the APIs of providers and behaves as it is told. */
export interface ProviderDouble {
  /** `http://127.0.0.1:<port>`; Anthropic's base URL. */
  readonly url: string
  /** The base URL of OpenAI and of everybody who speaks its API. */
  readonly openaiUrl: string
  /** What it was asked, in order; the first ten thousand. */
  readonly calls: ReceivedCall[]
  /** Calls that are being answered, and the most at the same time so far. */
  readonly active: number
  readonly peak: number
  /** Calls whose caller went away before the end. */
  readonly abandoned: number
  /** The next calls of a model behave like this, one after another; the last goes on for all that follow. */
  arrange(model: string, ...behaviours: Behaviour[]): void
  /** Resolves once this many calls have come. */
  received(count: number): Promise<void>
  /** Forgets calls, counts and arrangements. */
  reset(): void
  close(): Promise<void>
}

interface State {
  calls: ReceivedCall[]
  /** All of them, kept or not. */
  total: number
  active: number
  peak: number
  abandoned: number
  arranged: Map<string, Behaviour[]>
  waiting: { count: number; resolve: () => void }[]
}

const MOST_KEPT = 10_000
const MODELS = ['double-large', 'double-small']

function emptyState(): State {
  return { calls: [], total: 0, active: 0, peak: 0, abandoned: 0, arranged: new Map(), waiting: [] }
}

/** @param port 0: a free one */
export async function startProviderDouble(port = 0): Promise<ProviderDouble> {
  const state = emptyState()
  const server = createServer((request, response) => {
    serve(state, request, response).catch(() => response.destroy())
  })
  const url = `http://127.0.0.1:${await listen(server, port)}`
  return {
    url,
    openaiUrl: `${url}/v1`,
    calls: state.calls,
    get active() {
      return state.active
    },
    get peak() {
      return state.peak
    },
    get abandoned() {
      return state.abandoned
    },
    arrange: (model, ...behaviours) => void state.arranged.set(model, behaviours),
    received: (count) =>
      state.total >= count
        ? Promise.resolve()
        : new Promise((resolve) => void state.waiting.push({ count, resolve })),
    reset: () => reset(state),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

function reset(state: State): void {
  state.calls.length = 0
  state.total = 0
  state.peak = state.active
  state.abandoned = 0
  state.arranged.clear()
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://double').pathname
  if (path === '/control') return control(state, request, response)
  if (path === '/v1/models') return json(response, { data: MODELS.map((id) => ({ id })), has_more: false })
  const dialect = DIALECTS[path]
  if (dialect === undefined) return json(response, { error: { message: `no such path: ${path}` } }, 404)
  const text = await read(request)
  const body = JSON.parse(text) as Record<string, unknown>
  const model = String(body.model)
  take(state, { path, model, headers: request.headers, body })
  response.once('close', () => {
    state.active -= 1
    if (!response.writableFinished) state.abandoned += 1
  })
  const asked: Asked = { model, key: keyOf(request), length: text.length }
  await answer(response, dialect, nextBehaviour(state, model), asked)
}

function take(state: State, call: ReceivedCall): void {
  // A measurement makes more than anybody looks at.
  if (state.calls.length < MOST_KEPT) state.calls.push(call)
  state.total += 1
  state.active += 1
  state.peak = Math.max(state.peak, state.active)
  for (const { count, resolve } of state.waiting) if (state.total >= count) resolve()
  state.waiting = state.waiting.filter(({ count }) => state.total < count)
}

function nextBehaviour({ arranged }: State, model: string): Behaviour {
  const queue = arranged.get(model) ?? []
  const next = queue.length > 1 ? queue.shift() : queue[0]
  return { ...behaviourOf(model), ...next }
}

/** For other processes: GET tells the counts, POST {model, behaviours} arranges, DELETE forgets. */
async function control(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const { model, behaviours } = JSON.parse(await read(request)) as {
      model: string
      behaviours: Behaviour[]
    }
    state.arranged.set(model, behaviours)
  } else if (request.method === 'DELETE') reset(state)
  const { active, peak, abandoned } = state
  json(response, { calls: state.total, active, peak, abandoned })
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  const key = headers['x-api-key']
  return typeof key === 'string' ? key : headers.authorization?.replace(/^Bearer /, '')
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

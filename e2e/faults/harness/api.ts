import { randomUUID } from 'node:crypto'

/** One answer, read to its end. */
export interface Answer {
  status: number
  headers: Headers
  /** The JSON of the body; undefined when it has none. */
  body: Json
  /** Milliseconds from the call to the end of the body. */
  took: number
}

export type Json = undefined | null | boolean | number | string | Json[] | { [name: string]: Json }

export interface Call {
  body?: unknown
  headers?: Record<string, string>
  /** Milliseconds until the call is given up. */
  within?: number
}

/** Calls the app. @throws what fetch throws when no whole answer comes */
export async function call(
  app: { url: string },
  method: string,
  path: string,
  { body, headers, within = 60_000 }: Call = {},
): Promise<Answer> {
  const started = performance.now()
  const response = await fetch(app.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(within),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as Json) : text,
    took: performance.now() - started,
  }
}

/** A member of a JSON value by its path; undefined where there is none. */
export function at(value: Json, ...path: (string | number)[]): Json {
  let found: Json = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Array.isArray(found) ? found[Number(step)] : found[step]
  }
  return found
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json, ...path: (string | number)[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** The value of one line of /metrics. */
export async function metric(app: { url: string }, line: string): Promise<number> {
  return (await allMetrics(app))(line)
}

/** Reads /metrics once; what it answers gives the value of a line as it was then. */
export async function allMetrics(app: { url: string }): Promise<(line: string) => number> {
  const { body } = await call(app, 'GET', '/metrics')
  const lines = textAt(body).split('\n')
  return (line) => {
    const found = lines.find((each) => each.startsWith(`${line} `))
    if (found === undefined) throw new Error(`/metrics has no ${line}`)
    return Number(found.slice(line.length))
  }
}

/** Stops an app as an operator would. @throws Error when it does not exit with 0 */
export async function stopCleanly(app: { stop(): Promise<number | null>; output(): string }): Promise<void> {
  const code = await app.stop()
  if (code !== 0) throw new Error(`The app ended with ${code}. It printed:\n${app.output()}`)
}

/** Makes a prompt whose one version is the text. @throws Error when it is not created */
export async function createPrompt(
  app: { url: string },
  name: string,
  template: string,
  more: Record<string, unknown> = {},
): Promise<Answer> {
  const answer = await call(app, 'POST', '/api/prompts', {
    body: { name, template_content: template, ...more },
  })
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

/** Gives a prompt a new text and releases it. */
export async function release(app: { url: string }, name: string, template: string): Promise<Answer> {
  const current = await call(app, 'GET', `/api/prompts/${name}`)
  const answer = await call(app, 'POST', `/api/prompts/${name}/versions`, {
    body: { template_content: template, labels: ['production'] },
    headers: { 'if-match': textAt(current.body, 'etag') },
  })
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

/** One JSON-RPC request to the MCP endpoint, as a client of a revision with a handshake sends it. */
export function mcp(
  app: { url: string },
  method: string,
  params: Record<string, unknown> = {},
  more: Call = {},
): Promise<Answer> {
  return call(app, 'POST', '/api/mcp', {
    ...more,
    body: { jsonrpc: '2.0', id: randomUUID(), method, params },
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...more.headers,
    },
  })
}

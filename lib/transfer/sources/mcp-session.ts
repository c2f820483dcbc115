import { appError } from '../../errors.ts'
import { VERSION } from '../../version.ts'
import { failedSource, wrongSource } from './faults.ts'
import { fieldsOf, readAnswer } from './langfuse.ts'
import type { McpAddress } from './mcp.ts'
import { type Answer, Source } from './outgoing.ts'

const PROTOCOL = '2025-06-18'

/** Headers that belong to the connection, and not to whoever asks. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
  'expect',
  'accept-encoding',
])

/** A talk with an MCP server over Streamable HTTP: one request after another, each with one answer. */
export class McpSession {
  readonly #source: Source
  readonly #url: URL
  readonly #own: Readonly<Record<string, string>>
  #session: Record<string, string> = {}
  #id = 0

  constructor({ url, headers = {} }: McpAddress, signal?: AbortSignal) {
    this.#source = new Source(signal)
    this.#url = new URL(url)
    const lower = Object.entries(headers).map(([name, value]): [string, string] => [
      name.toLowerCase(),
      value,
    ])
    this.#own = Object.fromEntries(lower.filter(([name]) => !OF_THE_CONNECTION.has(name)))
  }

  async open(): Promise<void> {
    const params = {
      protocolVersion: PROTOCOL,
      capabilities: {},
      clientInfo: { name: 'incipit', version: VERSION },
    }
    const { result, headers } = await this.#send('initialize', params)
    const { protocolVersion, capabilities } = fieldsOf(result)
    if (typeof protocolVersion !== 'string')
      throw failedSource('initialize: the answer names no protocol version: this is no MCP server.')
    const id = headers['mcp-session-id']
    this.#session = {
      'mcp-protocol-version': protocolVersion,
      ...(id === undefined || id === '' ? {} : { 'mcp-session-id': id }),
    }
    if (fieldsOf(capabilities).prompts === undefined)
      throw wrongSource('url', 'no_prompts', 'This MCP server has no prompts.')
    await this.#post({ jsonrpc: '2.0', method: 'notifications/initialized' }, 'notifications/initialized')
  }

  /** @throws unprocessable with the code `method_failed` when the server refuses it */
  async call(method: string, params: Record<string, unknown>): Promise<unknown> {
    const { result } = await this.#send(method, params)
    return result
  }

  /** Ends the session at the server, where it has one; that it fails is no matter. */
  async close(): Promise<void> {
    if (this.#session['mcp-session-id'] === undefined) return
    const headers = { ...this.#own, ...this.#session }
    await this.#source
      .ask(this.#url, { method: 'DELETE', headers, what: 'The end of the session' })
      .catch(() => undefined)
  }

  async #send(
    method: string,
    params: Record<string, unknown>,
  ): Promise<{ result: unknown; headers: Answer['headers'] }> {
    const id = ++this.#id
    const answer = await this.#post({ jsonrpc: '2.0', id, method, params }, method, id)
    const message = messageOf(answer, id, method)
    if (message.error === undefined) return { result: message.result, headers: answer.headers }
    const said = String(fieldsOf(message.error).message ?? 'no reason')
    const text = `${method}: the server refused it: ${said.slice(0, 500)}`
    throw appError('unprocessable', text, {
      details: [{ path: ['source', 'url'], code: 'method_failed', message: text }],
    })
  }

  async #post(message: object, what: string, id?: number): Promise<Answer> {
    const headers = {
      ...this.#own,
      ...this.#session,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    // A server may keep a stream of events open: it is left as soon as the answer is there.
    const isEnough = (text: string) => eventsOf(text).some((event) => id !== undefined && hasId(event, id))
    const answer = await this.#source.ask(this.#url, {
      method: 'POST',
      headers,
      body: JSON.stringify(message),
      what,
      isEnough,
    })
    const { status } = answer
    if (status === 401 || status === 403)
      throw wrongSource(
        'headers',
        'refused_keys',
        `${what}: the server refused it (${status}): give the headers that it asks for.`,
      )
    if (status === 404 || status === 405)
      throw wrongSource('url', 'not_found', `${what}: there is no MCP server at this address (${status}).`)
    if (status < 200 || status > 299) throw failedSource(`${what}: it answered with ${status}.`)
    return answer
  }
}

/** The answer to a request: JSON, or the event of a stream that has its number. */
function messageOf({ headers, text }: Answer, id: number, what: string): Record<string, unknown> {
  const isStream = /^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '')
  const texts = isStream ? eventsOf(text) : [text]
  for (const each of texts) {
    const value = readAnswer(each, what)
    const found = (Array.isArray(value) ? value : [value]).map(fieldsOf).find((message) => message.id === id)
    if (found !== undefined) return found
  }
  throw failedSource(`${what}: there is no answer to it in what the server sent.`)
}

/** Whether a whole event answers a request. */
function hasId(event: string, id: number): boolean {
  try {
    return fieldsOf(JSON.parse(event)).id === id
  } catch {
    return false
  }
}

function eventsOf(text: string): string[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).replace(/^ /, '')] : []))
        .join('\n'),
    )
    .filter((data) => data !== '')
}

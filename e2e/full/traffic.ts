import { readFile } from 'node:fs/promises'
import { Agent, fetch as undiciFetch } from 'undici'
import { until } from '../faults/harness/until.ts'
import type { Balancer } from './nginx.ts'

const PER_SECOND = 200
/** What is due when all are busy waits here, as in a client of ours. */
const MOST_CONNECTIONS = 64
const JSON_TYPE = { 'content-type': 'application/json' }
/** What every render of the prompt that is asked for must say. */
const TEXT = 'Hello you'

type Kind = 'write' | 'list' | 'get' | 'render'

/** A request that was not answered as it should have been. */
interface Failure {
  kind: Kind
  /** Moments of performance.now(). */
  sentAt: number
  endedAt: number
  /** null: no whole answer came. */
  status: number | null
  told: string
}

type Ask = (path: string, init?: object) => Promise<{ status: number; text: string }>

/**
 * Asks a balancer, over TLS.
 * @param keepsConnections false: one that is kept can be closed by a balancer that is told of other servers, while
 *   a request is on its way
 */
export async function asker(balancer: Balancer, keepsConnections: boolean): Promise<Ask> {
  const ca = await readFile(balancer.certificate, 'utf8')
  const dispatcher = new Agent({
    connect: { ca },
    pipelining: keepsConnections ? 1 : 0,
    connections: MOST_CONNECTIONS,
  })
  return async (path, init) => {
    const response = await undiciFetch(`https://localhost:${balancer.port}${path}`, { ...init, dispatcher })
    return { status: response.status, text: await response.text() }
  }
}

/** A request with a JSON body. */
const post = (body: object) => ({ method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) })

/** Makes the prompt that is asked for. */
export async function makeGreeting(ask: Ask): Promise<void> {
  const { status, text } = await ask(
    '/api/prompts',
    post({ name: 'greeting', template_content: 'Hello {{ who }}' }),
  )
  if (status !== 201) throw new Error(`The prompt was not made: ${status} ${text}`)
}

/**
 * 200 requests a second, at their times whatever becomes of the others: of twenty one makes a prompt, three list
 * prompts, six are MCP's prompts/get, ten render over REST. An answer with another text is a failure as well.
 */
export class Traffic {
  readonly failures: Failure[] = []
  /** Names of the prompts that were acknowledged, and of all that were sent. */
  readonly written: string[] = []
  readonly tried: string[] = []
  /** Uses that were answered. */
  uses = 0
  answered = 0
  readonly #ask: Ask
  readonly #prefix: string
  readonly #open = new Set<Promise<void>>()
  readonly #started = performance.now()
  readonly #timer: NodeJS.Timeout
  #sent = 0
  #length = 0

  /** @param prefix of the names of its prompts */
  constructor(ask: Ask, prefix: string) {
    this.#ask = ask
    this.#prefix = prefix
    this.#timer = setInterval(() => this.#sendDue(), 1000 / PER_SECOND)
  }

  /** Waits for so many more answers. */
  async more(count: number): Promise<void> {
    const from = this.answered
    await until(`${count} more answers`, () => this.answered - from >= count, { within: 60_000 })
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#length = performance.now() - this.#started
    await Promise.all(this.#open)
  }

  /** How many failed, by what was asked and what was answered. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { kind, status, told } of this.failures) {
      const code = /"code":"(\w+)"/.exec(told)?.[1] ?? told.slice(0, 60)
      const key = `${kind}: ${status ?? 'closed'} ${code}`
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  /** Requests a second that were sent until it was stopped. */
  get rate(): number {
    return this.#sent / (this.#length / 1000)
  }

  get sent(): number {
    return this.#sent
  }

  /** A timer that came late sends what was due meanwhile. */
  #sendDue(): void {
    const due = ((performance.now() - this.#started) / 1000) * PER_SECOND
    while (this.#sent < due) {
      const open = this.#one(this.#sent++).finally(() => this.#open.delete(open))
      this.#open.add(open)
    }
  }

  async #one(number: number): Promise<void> {
    const name = `${this.#prefix}_${number}`
    const { kind, status, path, init, says } = requestOf(number % 20, name)
    if (kind === 'write') this.tried.push(name)
    const sentAt = performance.now()
    const fail = (answer: number | null, told: string) =>
      this.failures.push({ kind, sentAt, endedAt: performance.now(), status: answer, told })
    try {
      const answer = await this.#ask(path, init)
      if (answer.status !== status || !answer.text.includes(says))
        return void fail(answer.status, answer.text.slice(0, 300))
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      return void fail(null, String(cause))
    }
    this.answered++
    if (kind === 'write') this.written.push(name)
    if (kind === 'get' || kind === 'render') this.uses++
  }
}

interface Planned {
  kind: Kind
  status: number
  path: string
  init?: object
  says: string
}

function requestOf(place: number, name: string): Planned {
  if (place === 0) {
    const init = post({ name, template_content: 'Hello {{ who }}' })
    return { kind: 'write', status: 201, path: '/api/prompts', init, says: name }
  }
  if (place < 4) return { kind: 'list', status: 200, path: '/api/prompts?limit=20', says: '"items"' }
  if (place < 10) return { kind: 'get', status: 200, path: '/mcp/prompts/get', init: GET, says: TEXT }
  const init = post({ variables: { who: 'you' } })
  return { kind: 'render', status: 200, path: '/api/prompts/greeting/render', init, says: TEXT }
}

const GET = post({
  jsonrpc: '2.0',
  id: 1,
  method: 'prompts/get',
  params: { name: 'greeting', arguments: { who: 'you' } },
})

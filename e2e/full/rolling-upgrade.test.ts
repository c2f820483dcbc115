import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asOwner, type FreshDatabase, freshDatabase, withClient } from '#lib/testing/database.ts'
import { until } from '../faults/harness/until.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type Balancer, startBalancer } from './nginx.ts'
import { previousRelease } from './previous-release.ts'

const BUILD_MS = 1_800_000
const PER_SECOND = 200
const JSON_TYPE = { 'content-type': 'application/json' }

let balancer: Balancer
let database: FreshDatabase
let apps: RunningApp[] = []
let ask: typeof fetch
let releaseBefore: string

beforeAll(async () => {
  releaseBefore = await previousRelease()
  balancer = await startBalancer()
  database = await freshDatabase({ migrated: false })
  const ca = await readFile(balancer.certificate, 'utf8')
  // A connection for each request: one that is kept can be closed while a request is on its way.
  const dispatcher = new Agent({ connect: { ca }, pipelining: 0 })
  // undici's own fetch differs from the global one in its types alone.
  ask = ((url: string | URL, init?: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch
}, BUILD_MS)
afterAll(async () => {
  await balancer.stop()
  for (const app of apps) await app.stop()
  await database.drop()
})

/** An instance of the release before, or of this one. */
function start(root: string | undefined, port?: number): Promise<RunningApp> {
  const isNew = root === undefined
  return startApp({
    database: database.url,
    ...(port !== undefined && { port }),
    ...(root !== undefined && { root }),
    env: { INCIPIT_URL: `https://localhost:${balancer.port}`, INCIPIT_DATABASE_MIGRATE_URL: undefined },
    config: {
      security: { allow_open: true, ...(isNew && { trusted_proxies: ['127.0.0.1'] }) },
      // As long as a balancer needs to hear of it; the release before had no such time.
      ...(isNew && { limits: { drain_ms: 1000 } }),
    },
  })
}

/** What was sent, how it went, and which prompts were acknowledged. */
class Traffic {
  answered = 0
  readonly failures: string[] = []
  readonly written: string[] = []
  readonly #origin: string
  readonly #open = new Set<Promise<void>>()
  readonly #timer: NodeJS.Timeout
  #sent = 0

  constructor(origin: string) {
    this.#origin = origin
    this.#timer = setInterval(() => this.#send(), 1000 / PER_SECOND)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#open)
  }

  #send(): void {
    const number = this.#sent++
    const open = this.#one(number).finally(() => this.#open.delete(open))
    this.#open.add(open)
  }

  async #one(number: number): Promise<void> {
    const kind = number % 20
    const name = `rolling_${number}`
    try {
      if (kind === 0) {
        await this.#ask(201, '/api/prompts', { name, template_content: 'Hello {{ who }}' })
        this.written.push(name)
      } else if (kind < 4) await this.#ask(200, '/api/prompts?limit=20')
      else if (kind < 10) await this.#ask(200, '/mcp/prompts/get', GET)
      else await this.#ask(200, '/api/prompts/greeting/render', { variables: { who: 'you' } })
      this.answered++
    } catch (error) {
      this.failures.push(inspect(error))
    }
  }

  async #ask(status: number, where: string, body?: object): Promise<void> {
    const init = body === undefined ? {} : { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) }
    const response = await ask(this.#origin + where, init)
    const text = await response.text()
    if (response.status !== status) throw new Error(`${where}: ${response.status} ${text.slice(0, 300)}`)
  }
}

const GET = {
  jsonrpc: '2.0',
  id: 1,
  method: 'prompts/get',
  params: { name: 'greeting', arguments: { who: 'you' } },
}

describe('case 40: a rolling upgrade from the release before under 200 requests a second', () => {
  it(
    'fails no request, loses nothing, and has made a backup; the way back is told before it hurts',
    async () => {
      apps = [await start(releaseBefore), await start(releaseBefore)]
      const ports = apps.map((app) => app.port)
      await balancer.serve(ports)
      const origin = `https://localhost:${balancer.port}`
      const made = await ask(`${origin}/api/prompts`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ name: 'greeting', template_content: 'Hello {{ who }}' }),
      })
      expect(made.status).toBe(201)
      const traffic = new Traffic(origin)
      const more = async (count: number) => {
        const from = traffic.answered
        await until(`${count} more answers`, () => traffic.answered - from >= count, { within: 60_000 })
      }
      await more(400)
      for (const [place, port] of ports.entries()) {
        // As a balancer does that probes /health/ready.
        await balancer.serve(ports.filter((each) => each !== port))
        await apps[place]?.stop()
        apps[place] = await start(undefined, port)
        await balancer.serve(ports)
        // Both releases answer beside each other, then the new one alone.
        await more(600)
      }
      await traffic.stop()
      console.log(
        `${traffic.answered} requests answered, ${traffic.failures.length} failed, ${traffic.written.length} prompts written`,
      )
      expect(traffic.failures).toEqual([])
      const kept = await withClient(asOwner(database.url), (client) =>
        client.query<{ name: string }>(`SELECT name FROM prompt_template WHERE name LIKE 'rolling%'`),
      )
      expect(new Set(kept.rows.map(({ name }) => name))).toEqual(new Set(traffic.written))
      const backups = await readdir(path.join(apps[0]?.dataDir ?? '', 'backups'))
      expect(backups).toEqual([expect.stringMatching(/^before-\d+_/)])
      await expect(start(releaseBefore)).rejects.toThrow(/which this version does not know/)
    },
    BUILD_MS,
  )
})

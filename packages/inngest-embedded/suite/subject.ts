import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Inngest } from 'inngest'
import { serve } from 'inngest/node'
import type pg from 'pg'
import type { EmbeddedRunner, RunnerOptions } from '../src/runner.ts'
import { freshDatabase, poolOf } from './database.ts'
import { embeddedRunner, silent } from './embedded-runner.ts'
import { type EventNames, suiteFunctions, usualName } from './functions.ts'
import { Journal } from './journal.ts'

/** What is tested: the embedded runner, or a server. */
export interface Subject {
  readonly journal: Journal
  readonly nameOf: EventNames
  /** Whether seconds of a wait are cut to whole ones: then it may be a second shorter. */
  readonly cutsSeconds: boolean
  /** Of the embedded runner. */
  readonly databaseUrl?: string
  /** Sends events of a test; each carries the test's own subject. */
  send(...events: { name: string; id?: string; data: Record<string, unknown> }[]): Promise<void>
  close(): Promise<void>
}

/** The embedded runner on a fresh database; `instances` of it share the work. */
export async function embeddedSubject({
  instances = 1,
  ...options
}: Partial<RunnerOptions> & { instances?: number } = {}): Promise<Subject> {
  const database = await freshDatabase()
  const journal = new Journal()
  const started: { runner: EmbeddedRunner; pool: pg.Pool }[] = []
  for (let index = 0; index < instances; index++) {
    const pool = poolOf(database.url, 8)
    pool.on('error', () => undefined)
    const runner = embeddedRunner({ ...options, pool, connectionString: database.url }, (client) =>
      suiteFunctions(client, journal),
    )
    await runner.start()
    started.push({ runner, pool })
  }
  let turn = 0
  return {
    journal,
    nameOf: usualName,
    cutsSeconds: false,
    databaseUrl: database.url,
    async send(...events) {
      await started[turn++ % started.length]?.runner.send(events)
    },
    async close() {
      await Promise.all(started.map(({ runner }) => runner.stop(1000)))
      await Promise.all(started.map(({ pool }) => pool.end()))
      await database.drop()
    },
  }
}

/**
 * An Inngest server at `url`, development or self-hosted: the functions are served on a port of their own,
 * which the server must be able to reach, and registered there.
 */
export async function serverSubject(
  url: string,
  keys: { eventKey: string | undefined; signingKey: string | undefined },
): Promise<Subject> {
  // Its waits before a retry are longer than the embedded runner's here.
  const journal = new Journal(300_000)
  const isDev = keys.signingKey === undefined
  const id = `suite-${randomUUID().slice(0, 8)}`
  // The functions of earlier runs, whose processes are gone, hear nothing of this one.
  const nameOf: EventNames = (name) => `${id}/${name}`
  const client = new Inngest({
    id,
    isDev,
    baseUrl: url,
    eventKey: keys.eventKey ?? 'suite',
    signingKey: keys.signingKey,
    logger: silent,
  })
  const server = createServer(serve({ client, functions: suiteFunctions(client, journal, nameOf) }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const registered = await fetch(`http://127.0.0.1:${port}/api/inngest`, { method: 'PUT' })
  if (!registered.ok)
    throw new Error(`${url} did not take the functions: ${registered.status} ${await registered.text()}`)
  return {
    journal,
    nameOf,
    cutsSeconds: true,
    async send(...events) {
      await client.send(events)
    },
    async close() {
      await removeApp(url, `http://127.0.0.1:${port}/api/inngest`, keys.signingKey)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A server keeps an app that is gone, and goes on calling it. */
async function removeApp(server: string, app: string, signingKey: string | undefined): Promise<void> {
  const address = new URL('/fn/remove', server)
  address.searchParams.set('url', app)
  const headers = signingKey === undefined ? undefined : { authorization: `Bearer ${hashed(signingKey)}` }
  const { ok, status } = await fetch(address, { method: 'DELETE', ...(headers && { headers }) })
  if (!ok) throw new Error(`${server} keeps the app of this run: it answered ${status} to its removal.`)
}

/** As the SDK shows a signing key: its prefix, and the SHA-256 of its bytes. */
function hashed(signingKey: string): string {
  const [, prefix = '', key = signingKey] = /^(signkey-\w+-)?(.*)$/.exec(signingKey) ?? []
  return prefix + createHash('sha256').update(Buffer.from(key, 'hex')).digest('hex')
}

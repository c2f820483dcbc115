import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Inngest } from 'inngest'
import { serve } from 'inngest/node'
import pg from 'pg'
import { freshDatabase } from '#lib/testing/database.ts'
import type { EmbeddedRunner, RunnerOptions } from '../embedded/runner.ts'
import { embeddedRunner, silent } from './embedded-runner.ts'
import { suiteFunctions } from './functions.ts'
import { Journal } from './journal.ts'

/** What is tested: the embedded runner, or a server. */
export interface Subject {
  readonly journal: Journal
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
  const database = await freshDatabase({ migrated: false })
  const journal = new Journal()
  const started: { runner: EmbeddedRunner; pool: pg.Pool }[] = []
  for (let index = 0; index < instances; index++) {
    const pool = new pg.Pool({ connectionString: database.url, max: 8 })
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
  const client = new Inngest({
    id: `suite-${randomUUID().slice(0, 8)}`,
    isDev,
    baseUrl: url,
    eventKey: keys.eventKey ?? 'suite',
    signingKey: keys.signingKey,
    logger: silent,
  })
  const server = createServer(serve({ client, functions: suiteFunctions(client, journal) }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const registered = await fetch(`http://127.0.0.1:${port}/api/inngest`, { method: 'PUT' })
  if (!registered.ok)
    throw new Error(`${url} did not take the functions: ${registered.status} ${await registered.text()}`)
  return {
    journal,
    async send(...events) {
      await client.send(events)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Actor, ALL_SCOPES, actorOf, UNBOUND } from '../access/actor.ts'
import { type LocalIdentity, loadLocalIdentity, localOwner } from '../access/identify.ts'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import type { ConfigFile } from '../config/schema.ts'
import { newId } from '../id.ts'
import { createRuntime, getRuntime, type Runtime, setRuntime } from '../runtime.ts'
import { type Beside, type FreshDatabase, freshDatabase, ROOT } from './database.ts'
import { assertUnseen, makeNeighbour, watchNeighbour } from './neighbour.ts'

/** A runtime of one's own on a fresh database, in place as the process's runtime until it is closed. */
export interface TestRuntime {
  readonly runtime: Runtime
  readonly database: FreshDatabase
  readonly identity: LocalIdentity
  /** The local owner, with a request context of its own at each call. */
  actor(request?: Partial<Actor['request']>): Actor
  /** Starts the change feed, which most tests can do without. */
  startFeed(): Promise<void>
  /** A second runtime on the same database: another instance of the app. Not put in place; close it. */
  secondInstance(): Runtime
  close(): Promise<void>
}

export interface TestRuntimeOptions {
  /** Starts the change feed at once. */
  feed?: boolean
  /** No other workspace beside that of the test, where the rows that a plan reads are counted. */
  isAlone?: boolean
  /** Limits that differ from the defaults. */
  limits?: ConfigFile['limits']
  /** What differs from the defaults in the sections ai, inngest, mcp and logging. */
  ai?: ConfigFile['ai']
  inngest?: ConfigFile['inngest']
  mcp?: ConfigFile['mcp']
  logging?: ConfigFile['logging']
  /** What differs from the defaults in the section security, and the public address. */
  security?: Partial<LoadedConfig['security']>
  publicUrl?: string
  /** What differs from the defaults in the section database. */
  connections?: Partial<LoadedConfig['database']>
  /** An existing database instead of a fresh one; it is not dropped. */
  database?: FreshDatabase
  /** INCIPIT_SECRET, where other processes work with the same database. */
  secret?: string
}

/**
 * Call it in `beforeAll`, and `close()` in `afterAll`:
 *
 *     let app: TestRuntime
 *     beforeAll(async () => { app = await testRuntime() })
 *     afterAll(() => app.close())
 */
export async function testRuntime(options: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const database =
    options.database ?? (await freshDatabase(options.isAlone ? {} : { beside: await neighbour() }))
  const config = testConfig(database, options)
  const runtime = createRuntime(config)
  const seen = new Set<string>()
  watchNeighbour(runtime, seen)
  setRuntime(runtime)
  const identity = await loadLocalIdentity()
  runtime.phase = 'ready'
  runtime.waitingFor = undefined
  if (options.feed) await runtime.feed.start()
  return {
    runtime,
    database,
    identity,
    actor: (request) => actorOf(localOwner(identity), testRequest(request)),
    startFeed: () => runtime.feed.start(),
    secondInstance() {
      const second = createRuntime(config)
      watchNeighbour(second, seen)
      return second
    },
    async close() {
      await runtime.close()
      setRuntime(undefined)
      if (options.database === undefined) await database.drop()
      assertUnseen(seen)
    },
  }
}

/** Another workspace beside that of the test; see neighbour.ts. */
async function neighbour(): Promise<Beside> {
  return {
    version: await readFile(path.join(import.meta.dirname, 'neighbour.ts'), 'utf8'),
    async fill(addresses) {
      const runtime = createRuntime(testConfig(addresses, {}))
      setRuntime(runtime)
      try {
        await makeNeighbour()
      } finally {
        await runtime.close()
        setRuntime(undefined)
      }
    },
  }
}

/** A machine under load is waited for; what is about a time limit sets one of its own. */
const PATIENT = {
  pool_timeout: 30,
  statement_timeout_ms: 60_000,
  query_timeout_ms: 61_000,
  lock_timeout_ms: 50_000,
}

/** The default configuration on a database, quiet and with small pools. */
function testConfig(
  { url, ownerUrl }: Pick<FreshDatabase, 'url' | 'ownerUrl'>,
  options: TestRuntimeOptions,
): LoadedConfig {
  const { limits, ai, inngest, mcp, logging, security, connections, publicUrl } = options
  const addresses = { DATABASE_URL: url, INCIPIT_DATABASE_MIGRATE_URL: ownerUrl }
  const secret = options.secret === undefined ? {} : { INCIPIT_SECRET: options.secret }
  const config = loadConfig(
    { ...addresses, ...secret, INCIPIT_LOG_LEVEL: 'silent', INCIPIT_EMBEDDED: '1' },
    ROOT,
  )
  // Every test file has a pool: small ones leave the server connections for all of them.
  return {
    ...config,
    database: { ...config.database, pool_size: 4, max_overflow: 4, ...PATIENT, ...connections },
    // Many visitors of a test come from one address.
    limits: { ...config.limits, unknown_per_second: 0, ...limits },
    ai: { ...config.ai, ...ai },
    inngest: { ...config.inngest, ...inngest },
    mcp: { ...config.mcp, ...mcp },
    logging: { ...config.logging, ...logging },
    security: { ...config.security, ...security },
    publicUrl: publicUrl ?? config.publicUrl,
  }
}

/** What a door would fill in for one request. */
export function testRequest(request: Partial<Actor['request']> = {}): Actor['request'] {
  return { id: newId(), surface: 'rest', outcome: {}, ...request }
}

/** The same actor in a new request, with other rights where given. */
export function actorLike(actor: Actor, changes: Partial<Omit<Actor, 'request'>> = {}): Actor {
  return { ...actor, scopes: ALL_SCOPES, ...changes, request: testRequest() }
}

/** An owner of a workspace that is in no database, for tests of what needs none. */
export function ownerIn(workspaceId: string): Actor {
  const rights = { role: 'owner', scopes: ALL_SCOPES, ...UNBOUND } as const
  return { id: `owner of ${workspaceId}`, kind: 'person', workspaceId, ...rights, request: testRequest() }
}

/** Lets every request be that of the local owner, without a database. */
export function signInLocally(owner: LocalIdentity): void {
  const runtime = getRuntime()
  const identity: { owner?: unknown } = runtime.once('access.identity', () => ({ owner: undefined }))
  identity.owner = localOwner(owner)
  const state: { hasAccounts?: unknown } = runtime.once('access.state', () => ({ hasAccounts: undefined }))
  state.hasAccounts = false
}

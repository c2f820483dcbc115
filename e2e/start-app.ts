import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ConfigFile } from '#lib/config/schema.ts'
import { asOwner, type FreshDatabase, freshDatabase, ROOT } from '#lib/testing/database.ts'
import { fingerprint } from '../scripts/launch/fingerprint.mjs'

export interface StartOptions {
  /** Environment variables on top of the machine's; `undefined` removes one. */
  env?: Record<string, string | undefined>
  /** Contents of the configuration file. */
  config?: ConfigFile
  /**
   * own: a database on the test server that the app has been started on before, dropped by stop() (the default) ·
   * embedded: the launcher with an embedded PostgreSQL in `dataDir` · anything else: the address of a database that
   * stays.
   */
  database?: 'own' | 'embedded' | (string & {})
  /** Folder of another version that is built there; its configuration is used as it is. */
  root?: string
  /** The app's data folder; without it a new one that stop() removes. */
  dataDir?: string
  /** A port of one's own choice, such as that of an app that was killed. */
  port?: number
  /** ready: /health/ready says so (the default) · live: the server answers at all. */
  until?: 'ready' | 'live'
}

export interface RunningApp {
  /** Address without a trailing slash, such as http://127.0.0.1:40123. */
  readonly url: string
  readonly port: number
  /** Of the app; with the embedded database, of the launcher. */
  readonly pid: number
  /** The database's address; undefined with the embedded one. */
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** Settles with the exit code when the process ends; null: by a signal. */
  readonly exited: Promise<number | null>
  /** Everything it printed so far. */
  output(): string
  /** Waits until /health/ready says so. */
  ready(timeoutMs?: number): Promise<void>
  /** SIGTERM; waits for the end; removes what was made for it. Returns the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL; waits for the end; keeps the data, so that another app can go on with it. */
  kill(): Promise<void>
}

/**
 * Starts the production build on a free port, as `npm start` would after all its preparations. The
 * build must exist.
 * @throws Error with the app's output when it does not come up
 */
export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-app-'))
  // Root's PostgreSQL runs as somebody else, who must get through to the data.
  await chmod(folder, 0o711)
  const dataDir = options.dataDir ?? path.join(folder, 'data')
  const port = options.port ?? (await freePort())
  const database = await openDatabase(options)
  const child = spawn(process.execPath, [database.url ? 'server.js' : 'scripts/launch.mjs', 'start'], {
    cwd: options.root ?? ROOT,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: await environment(options, { folder, dataDir, port, databaseUrl: database.url }),
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const output = collect(child)
  const url = `http://127.0.0.1:${port}`
  const clean = async () => {
    await database.drop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const app: RunningApp = {
    url,
    port,
    pid: child.pid ?? 0,
    databaseUrl: database.url,
    dataDir,
    exited,
    output,
    ready: (timeoutMs = 60_000) => waitFor(`${url}/health/ready`, exited, output, timeoutMs),
    async stop() {
      child.kill('SIGTERM')
      const code = await exited
      await clean()
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
      // What the next app goes on with is the database; the embedded one lies in the folder.
      if (database.url) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  try {
    if (database.url && options.root === undefined) await listening(child)
    await waitFor(`${url}/health/${options.until ?? 'ready'}`, exited, output, 60_000)
    return app
  } catch (error) {
    await app.kill()
    await clean()
    throw error
  }
}

interface Place {
  folder: string
  dataDir: string
  port: number
  databaseUrl: string | undefined
}

/** INCIPIT_SECRET of apps that share a database. */
export const APPS_SECRET = 'the secret of all apps that tests start'

/** What the machine's environment says about other Incipits stays out. */
async function environment(options: StartOptions, place: Place): Promise<NodeJS.ProcessEnv> {
  const foreign =
    /^(INCIPIT_(?!DIST_DIR)|DATABASE_URL$|PORT$|HOST$|npm_lifecycle_event$|VITEST|NODE_OPTIONS$)/
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  const file = path.join(place.folder, 'config.json')
  // No balancer has to hear of the end first, unless a test asks for it.
  const limits = { drain_ms: 0, ...options.config?.limits }
  const config = options.root === undefined ? { ...options.config, limits } : options.config
  await writeFile(file, JSON.stringify(config ?? {}))
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    HOST: '127.0.0.1',
    PORT: String(place.port),
    INCIPIT_ROOT: options.root ?? ROOT,
    INCIPIT_CONFIG: file,
    INCIPIT_DATA_DIR: place.dataDir,
    // Instances of one database have one secret.
    ...(place.databaseUrl === undefined
      ? {}
      : { INCIPIT_SECRET: APPS_SECRET, ...addresses(place.databaseUrl) }),
    ...options.env,
  }
}

/** By the app's role and by the owner's, where the database has both. */
function addresses(url: string): Record<string, string> {
  const own = asOwner(url)
  return { DATABASE_URL: url, ...(own !== url && { INCIPIT_DATABASE_MIGRATE_URL: own }) }
}

interface OpenDatabase {
  url: string | undefined
  drop: () => Promise<void>
}

async function openDatabase(options: StartOptions): Promise<OpenDatabase> {
  const { database = 'own' } = options
  if (database === 'own') return leavesOtherRows(options) ? freshDatabase() : startedDatabase()
  return { url: database === 'embedded' ? undefined : database, drop: () => Promise.resolve() }
}

/** Whether the first start of such an app leaves other rows than that of an ordinary one. */
function leavesOtherRows({ root, env, config }: StartOptions): boolean {
  return root !== undefined || env?.INCIPIT_SECRET !== undefined || config?.ai?.echo === false
}

/**
 * A fresh database as the first start of this build leaves it, with what a workspace begins with: a start on it does
 * a third less than the first one.
 */
export function startedDatabase(): Promise<FreshDatabase> {
  const build = path.join(process.env.INCIPIT_DIST_DIR ?? '.next', 'BUILD_ID')
  return freshDatabase({
    beside: {
      version: fingerprint([build, 'prisma/seed']),
      fill: async ({ url }) => void (await (await startApp({ database: url })).stop()),
    },
  })
}

/** Waits until the app says that it listens, or has ended: asking it all the time takes its processor away. */
async function listening(child: ChildProcess): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(60_000)])
  const events = ['message', 'exit'].map((event) => once(child, event, { signal }).catch(() => undefined))
  await Promise.race(events)
  over.abort()
}

/** Asks an address until it answers 200. */
export async function waitFor(
  url: string,
  exited: Promise<number | null>,
  output: () => string,
  timeoutMs: number,
): Promise<void> {
  const ended = new AbortController()
  void exited.finally(() => ended.abort())
  const deadline = Date.now() + timeoutMs
  while (!ended.signal.aborted && Date.now() < deadline) {
    if (await isOk(url).catch(() => false)) return
    await pause(25)
  }
  throw new Error(`${url}: the app ${ended.signal.aborted ? 'ended' : 'is not up'}. It printed:\n${output()}`)
}

async function isOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  await response.arrayBuffer()
  return response.ok
}

/** Everything that a program prints. */
export function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  const add = (chunk: Buffer) => void chunks.push(chunk)
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return () => Buffer.concat(chunks).toString('utf8')
}

/** How far the port that claims another one is from it. */
const CLAIM_AT = 6_000

/**
 * A free port, below those that the system gives to outgoing connections. Tests of other processes do not get it as
 * long as this one lives, whether anything listens on it or not: whoever has a port listens on the one that claims it.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(20_000, 26_000)
  const claim = await listenOn(port + CLAIM_AT)
  const probe = claim && (await listenOn(port))
  if (probe === undefined) {
    claim?.close()
    return freePort()
  }
  claim?.unref()
  probe.close()
  await once(probe, 'close')
  return port
}

/** Listens on a port; undefined: somebody else does. */
async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1')
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}

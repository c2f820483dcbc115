import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { Config } from './schema.ts'

/** The configuration as the app uses it: file and environment merged, with what was noticed on the way. */
export interface LoadedConfig extends Config {
  /** Address of PostgreSQL; the launcher sets it for the embedded one. */
  databaseUrl: string | undefined
  /** Whether PostgreSQL is the embedded one (smaller default pool: it has 100 connections for all). */
  embedded: boolean
  /** Folder of the project: migrations, seed and worker sources are read from here. */
  root: string
  /** Folder for what is generated once and kept: the embedded database, the secret. */
  dataDir: string
  /** Keys from the environment; never logged, never written anywhere. */
  keys: Keys
  /** An Inngest server, as the environment names it. */
  inngestServer: InngestServer
  /** Public address without a trailing slash. */
  publicUrl: string
  /** Things the operator should know, said once at start. */
  notices: string[]
}

export interface Keys {
  /** INCIPIT_SECRET: seals what is stored sealed; without it a file of its own in the data folder. */
  secret: string | undefined
  /** INCIPIT_SECRET_PREVIOUS, separated by commas: still opens what earlier secrets sealed. */
  previousSecrets: string[]
  /** Keys of providers by the name of their variable: OPENAI_API_KEY, ANTHROPIC_API_KEY … */
  providers: Readonly<Record<string, string>>
}

export interface InngestServer {
  baseUrl: string | undefined
  eventKey: string | undefined
  signingKey: string | undefined
  signingKeyFallback: string | undefined
  /** INNGEST_DEV: a development server, whose requests are not signed. */
  isDev: boolean
}

type Environment = Record<string, string | undefined>

/**
 * Reads incipit.config.json (or INCIPIT_CONFIG) and lays the environment over it.
 * @throws Error whose message names every wrong key and what is allowed
 */
export function loadConfig(environment: Environment = process.env, root = process.cwd()): LoadedConfig {
  const file = configFile(environment, root)
  const raw = file === undefined ? {} : readJson(file)
  const parsed = Config.safeParse(withEnvironment(raw, environment))
  if (!parsed.success) throw new Error(explain(parsed.error, file))
  const config = parsed.data
  return {
    ...config,
    databaseUrl: config.database.url,
    embedded: environment.INCIPIT_EMBEDDED === '1',
    root: environment.INCIPIT_ROOT ?? root,
    dataDir: path.resolve(root, environment.INCIPIT_DATA_DIR || '.incipit'),
    keys: keysOf(environment),
    inngestServer: {
      baseUrl: environment.INNGEST_BASE_URL || undefined,
      eventKey: environment.INNGEST_EVENT_KEY || undefined,
      signingKey: environment.INNGEST_SIGNING_KEY || undefined,
      signingKeyFallback: environment.INNGEST_SIGNING_KEY_FALLBACK || undefined,
      isDev: environment.INNGEST_DEV === '1' || environment.INNGEST_DEV === 'true',
    },
    publicUrl: (config.server.url ?? `http://${localName(config.server.host)}:${config.server.port}`).replace(
      /\/$/,
      '',
    ),
    notices: notices(config),
  }
}

/** A secret is stretched by no slow hash, so it must be long by itself. */
const SECRET_LENGTH = 32

function keysOf(environment: Environment): Keys {
  const previousSecrets = (environment.INCIPIT_SECRET_PREVIOUS ?? '').split(',').filter((part) => part !== '')
  const secret = environment.INCIPIT_SECRET || undefined
  for (const value of secret === undefined ? previousSecrets : [secret, ...previousSecrets])
    if (value.length < SECRET_LENGTH)
      throw new Error(
        `INCIPIT_SECRET and INCIPIT_SECRET_PREVIOUS must have at least ${SECRET_LENGTH} characters each, such as \`openssl rand -base64 32\` prints.`,
      )
  const providers = Object.entries(environment).flatMap(([name, value]) =>
    name.endsWith('_API_KEY') && value ? [[name, value] as const] : [],
  )
  return { secret, previousSecrets, providers: Object.fromEntries(providers) }
}

function configFile(environment: Environment, root: string): string | undefined {
  const named = environment.INCIPIT_CONFIG
  const file = path.resolve(root, named ?? 'incipit.config.json')
  if (existsSync(/* turbopackIgnore: true */ file)) return file
  if (named !== undefined && named !== '')
    throw new Error(`INCIPIT_CONFIG names ${file}, which does not exist.`)
  return undefined
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(/* turbopackIgnore: true */ file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Environment over file: PORT, HOST, DATABASE_URL, INCIPIT_URL and the log level. */
function withEnvironment(raw: unknown, environment: Environment): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  const merged: Record<string, unknown> = { ...raw }
  const set = (section: string, key: string, value: unknown) => {
    const current = merged[section]
    if (current !== undefined && (typeof current !== 'object' || current === null)) return
    merged[section] = { ...current, [key]: value }
  }
  if (environment.PORT) set('server', 'port', Number(environment.PORT))
  if (environment.HOST) set('server', 'host', environment.HOST)
  if (environment.INCIPIT_URL) set('server', 'url', environment.INCIPIT_URL)
  if (environment.DATABASE_URL) set('database', 'url', environment.DATABASE_URL)
  if (environment.INCIPIT_LOG_LEVEL) set('logging', 'level', environment.INCIPIT_LOG_LEVEL)
  return merged
}

function explain(error: z.ZodError, file: string | undefined): string {
  const lines = error.issues.map((issue) => `  ${issue.path.join('.') || '(whole file)'}: ${issue.message}`)
  return [`The configuration${file === undefined ? '' : ` in ${file}`} cannot be used:`, ...lines].join('\n')
}

function notices(config: Config): string[] {
  const found: string[] = []
  if (config.server.framework !== undefined) found.push('server.framework has no effect here')
  if (config.mcp.protocol_version !== undefined || config.mcp.capabilities !== undefined)
    found.push('mcp.protocol_version and mcp.capabilities have no effect: every published revision is served')
  return found
}

function localName(host: string): string {
  return host === '127.0.0.1' || host === '::1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host
}

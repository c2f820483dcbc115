import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { parseJson } from '../json.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { Config } from './schema.ts'
import { withSecretFiles } from './secret-files.ts'
import { type TelemetrySettings, telemetryOf } from './telemetry.ts'

/** The configuration as the app uses it: file and environment merged, with what was noticed on the way. */
export interface LoadedConfig extends Config {
  /** Address of PostgreSQL; the launcher sets it for the embedded one. */
  databaseUrl: string | undefined
  /** The same database by the role that owns the tables; without it the app's role migrates. */
  migrateUrl: string | undefined
  /** Whether PostgreSQL is the embedded one. */
  embedded: boolean
  /** Folder of the project: migrations, seed and worker sources are read from here. */
  root: string
  /** Folder of what `npm run build` makes: INCIPIT_DIST_DIR, else `.next`. */
  buildDir: string
  /** Folder for what is generated once and kept: the embedded database, the secret. */
  dataDir: string
  /** Keys from the environment; never logged, never written anywhere. */
  keys: Keys
  /** An Inngest server, as the environment names it. */
  inngestServer: InngestServer
  /** Traces and logs by OpenTelemetry, as the standard variables set them up. */
  openTelemetry: TelemetrySettings
  /** Public address without a trailing slash. */
  publicUrl: string
  /** Things the operator should know, said once at start. */
  notices: string[]
  /** Things that are probably wrong, said once at start. */
  warnings: string[]
}

export interface Keys {
  /** INCIPIT_SECRET: everything secret hangs on it; without it a file of its own in the data folder. */
  secret: string | undefined
  /** INCIPIT_SECRET_PREVIOUS, separated by commas: still opens what earlier secrets wrapped. */
  previousSecrets: string[]
  /** INCIPIT_MAIL_PASSWORD, for mail.user. */
  mailPassword: string | undefined
  /** INCIPIT_OWNER_EMAIL and INCIPIT_OWNER_PASSWORD: the first owner, where there is no account yet. */
  owner: { email: string; password: string } | undefined
  /** INCIPIT_SSO_CLIENT_SECRET: what this app is known by at the provider of single sign-on. */
  singleSignOn: string | undefined
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

/**
 * Reads incipit.config.json (or INCIPIT_CONFIG) and lays the environment over it.
 * @throws Error whose message names every wrong key and what is allowed
 */
export function loadConfig(given: Environment = process.env, root = process.cwd()): LoadedConfig {
  const environment = withSecretFiles(given)
  const file = configFile(environment, root)
  const raw = file === undefined ? {} : readJson(file)
  const { values, sources, problems, warnings } = readEnvironment(environment)
  const parsed = Config.safeParse(withEnvironment(raw, values))
  if (!parsed.success) problems.push(...explain(parsed.error, sources))
  if (!parsed.success || problems.length > 0) throw unusable(problems, file)
  const config = parsed.data
  const openTelemetry = telemetryOf(environment)
  return {
    ...config,
    database: { ...config.database, replicas: config.database.replicas.map(withCheckedTls) },
    databaseUrl: checked(config.database.url),
    migrateUrl: checked(config.database.migrate_url),
    embedded: environment.INCIPIT_EMBEDDED === '1',
    root: environment.INCIPIT_ROOT ?? root,
    buildDir: path.resolve(environment.INCIPIT_ROOT ?? root, environment.INCIPIT_DIST_DIR || '.next'),
    dataDir: path.resolve(root, environment.INCIPIT_DATA_DIR || '.incipit'),
    keys: keysOf(environment),
    inngestServer: {
      baseUrl: environment.INNGEST_BASE_URL || undefined,
      eventKey: environment.INNGEST_EVENT_KEY || undefined,
      signingKey: environment.INNGEST_SIGNING_KEY || undefined,
      signingKeyFallback: environment.INNGEST_SIGNING_KEY_FALLBACK || undefined,
      isDev: environment.INNGEST_DEV === '1' || environment.INNGEST_DEV === 'true',
    },
    openTelemetry,
    publicUrl: (config.server.url ?? `http://${localName(config.server.host)}:${config.server.port}`).replace(
      /\/$/,
      '',
    ),
    notices: notices(config),
    warnings: [
      ...warnings,
      ...keyDoubts(environment),
      ...doubts(config, environment),
      ...openTelemetry.warnings,
    ],
  }
}

function checked(url: string | undefined): string | undefined {
  return url === undefined ? undefined : withCheckedTls(url)
}

const FILE_DEPTH = 32

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
  const providers = providerKeys(environment).filter(([, key]) => SENDABLE.test(key))
  return {
    secret,
    previousSecrets,
    singleSignOn: environment.INCIPIT_SSO_CLIENT_SECRET || undefined,
    mailPassword: environment.INCIPIT_MAIL_PASSWORD || undefined,
    owner: ownerOf(environment),
    providers: Object.fromEntries(providers),
  }
}

function ownerOf(environment: Environment): Keys['owner'] {
  const email = environment.INCIPIT_OWNER_EMAIL?.trim().toLowerCase() || undefined
  const password = environment.INCIPIT_OWNER_PASSWORD || undefined
  if (email === undefined && password === undefined) return undefined
  if (email === undefined || password === undefined)
    throw new Error(
      'Set both INCIPIT_OWNER_EMAIL and INCIPIT_OWNER_PASSWORD (or INCIPIT_OWNER_PASSWORD_FILE), or neither.',
    )
  return { email, password }
}

/** Characters that an HTTP header can carry. A file with a key often ends with a line end. */
const SENDABLE = /^[\x21-\x7e]+$/

function providerKeys(environment: Environment): [string, string][] {
  return Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    name.endsWith('_API_KEY') && value?.trim() ? [[name, value.trim()]] : [],
  )
}

function keyDoubts(environment: Environment): string[] {
  return providerKeys(environment)
    .filter(([, key]) => !SENDABLE.test(key))
    .map(([name]) => `${name} holds characters that no key has: it is not used`)
}

function configFile(environment: Environment, root: string): string | undefined {
  const named = environment.INCIPIT_CONFIG
  const file = path.resolve(root, named || 'incipit.config.json')
  if (existsSync(/* turbopackIgnore: true */ file)) return file
  if (named) throw new Error(`INCIPIT_CONFIG names ${file}, which does not exist.`)
  return undefined
}

function readJson(file: string): unknown {
  try {
    // Parsing is as strict as for a caller's body: these values reach answers and statements as well.
    const text = readFileSync(/* turbopackIgnore: true */ file, 'utf8').replace(/^\uFEFF/, '')
    return parseJson(text, { depth: FILE_DEPTH })
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Environment over file, key by key. */
function withEnvironment(raw: unknown, values: Record<string, Record<string, unknown>>): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  const merged: Record<string, unknown> = { ...raw }
  for (const [section, keys] of Object.entries(values)) {
    const current = merged[section]
    // The schema reports members of the file that are no section.
    if (current !== undefined && (typeof current !== 'object' || current === null)) continue
    merged[section] = { ...current, ...keys }
  }
  return merged
}

/** Each wrong key under the name by which it was set. */
function explain(error: z.ZodError, sources: ReadonlyMap<string, string>): string[] {
  return error.issues.map((issue) => {
    const place = issue.path.join('.') || '(whole file)'
    const name = sources.get(issue.path.slice(0, 2).join('.'))
    return `${name === undefined ? place : `${name} (${place})`}: ${issue.message}`
  })
}

function unusable(problems: readonly string[], file: string | undefined): Error {
  const heading = `The configuration${file === undefined ? '' : ` in ${file}`} cannot be used:`
  return new Error([heading, ...problems.map((problem) => `  ${problem}`)].join('\n'))
}

/** Each host would make a secret of its own, and could not open what the others sealed. */
function doubts(config: Config, environment: Environment): string[] {
  if (!config.database.url || environment.INCIPIT_EMBEDDED === '1' || environment.INCIPIT_SECRET) return []
  return [
    'INCIPIT_SECRET is not set: the secret of this installation is a file in the data folder. Another host on the same database would have another one, and would not start once something is sealed; set the same INCIPIT_SECRET on all of them.',
  ]
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

/**
 * The address with a TLS mode that means the same in every version of the driver: prefer, require and verify-ca
 * check the server's certificate and name, as verify-full does. Today's driver takes them so and warns that a
 * later one will not.
 */
export function withCheckedTls(url: string): string {
  const mode = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/
  return url.includes('uselibpqcompat=true') ? url : url.replace(mode, '$1verify-full')
}

import type { Environment } from '#lib/config/environment.ts'
import type { LoadedConfig } from '#lib/config/load.ts'
import { placeOf } from '#lib/db/connect.ts'

const OURS =
  /^(?:INCIPIT_|INNGEST_|OTEL_|DATABASE_URL(?:_FILE)?$|SENTRY_|PORT$|HOST$|NODE_|npm_config_loglevel$|TZ$)|_API_KEY(?:_FILE)?$/

/** The variables of the environment that concern us, by name alone. */
export function setNames(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => OURS.test(name) && environment[name])
    .toSorted()
}

/** The settings as they count here: of each secret whether it is set, of each address its place. */
export function readConfiguration(config: LoadedConfig): unknown {
  const { keys, inngestServer, databaseUrl, migrateUrl, database, telemetry, notices, warnings, ...rest } =
    config
  return {
    ...rest,
    database: {
      ...database,
      url: placeIn(database.url),
      migrate_url: placeIn(database.migrate_url),
      replicas: database.replicas.map(placeOf),
    },
    telemetry: { ...telemetry, sentry_dsn: trackerIn(telemetry.sentry_dsn) },
    databaseUrl: placeIn(databaseUrl),
    migrateUrl: placeIn(migrateUrl),
    keys: {
      secret: keys.secret !== undefined,
      previousSecrets: keys.previousSecrets.length,
      mailPassword: keys.mailPassword !== undefined,
      owner: keys.owner !== undefined,
      singleSignOn: keys.singleSignOn !== undefined,
      providers: Object.keys(keys.providers),
    },
    inngestServer: {
      server: inngestServer.baseUrl === undefined ? null : new URL(inngestServer.baseUrl).host,
      eventKey: inngestServer.eventKey !== undefined,
      signingKey: inngestServer.signingKey !== undefined,
      isDev: inngestServer.isDev,
    },
    notices,
    warnings,
  }
}

/** Host and project of a DSN, without its key. */
function trackerIn(dsn: string | undefined): string | null {
  if (dsn === undefined) return null
  const { host, pathname } = new URL(dsn)
  return `${host}${pathname}`
}

function placeIn(url: string | undefined): string | null {
  return url === undefined ? null : placeOf(url)
}

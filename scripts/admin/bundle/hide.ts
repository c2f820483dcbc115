import type { LoadedConfig } from '#lib/config/load.ts'
import { scrub } from '#lib/log.ts'
import { findSecret } from '#lib/secrets/secret-file.ts'

/** Shorter ones would also be words of ordinary texts. */
const SHORTEST = 6

/** Every secret that the settings know, as it may stand in a text. */
export function secretsOf(config: LoadedConfig): string[] {
  const { keys, inngestServer, databaseUrl, migrateUrl, database, telemetry } = config
  const addresses = [
    databaseUrl,
    migrateUrl,
    database.url,
    database.migrate_url,
    ...database.replicas,
    telemetry.sentry_dsn,
  ]
  const found = [
    keys.secret,
    ...keys.previousSecrets,
    fileSecret(config),
    keys.mailPassword,
    keys.owner?.password,
    keys.singleSignOn,
    ...Object.values(keys.providers),
    inngestServer.eventKey,
    inngestServer.signingKey,
    inngestServer.signingKeyFallback,
    ...addresses.flatMap((address) => (address === undefined ? [] : keysIn(address))),
  ]
  return found.filter((secret) => secret !== undefined)
}

function fileSecret({ dataDir }: LoadedConfig): string | undefined {
  try {
    return findSecret(dataDir)
  } catch {
    return undefined
  }
}

/** What opens the door in an address; nothing where the text is none. */
export function keysIn(address: string): string[] {
  if (!URL.canParse(address)) return []
  const { protocol, username, password, searchParams } = new URL(address)
  // A tracker's address has its key where others have a name.
  const key = protocol.startsWith('http') ? username : ''
  return [key, password, decoded(password), searchParams.get('password') ?? '']
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A text without these secrets, and without whatever looks like one. */
export function hide(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  return scrub(forms.reduce((left, form) => left.replaceAll(form, '***'), text))
}

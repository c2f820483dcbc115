import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Environment } from '#lib/config/environment.ts'
import type { LoadedConfig } from '#lib/config/load.ts'
import { readableSecrets } from '#lib/config/secret-files.ts'
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
    fileSecret(config.dataDir),
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

/** What cannot be loaded as settings holds secrets all the same: in variables, in files that these name, in the file. */
export function secretsAround(environment: Environment, root: string): string[] {
  const named = Object.entries(environment).filter(([name]) => SECRET_NAME.test(name))
  const values = [...named.map(([, value]) => value ?? ''), ...readableSecrets(environment)]
  const parts = values.flatMap((value) => [value, ...value.split(',')]).map((part) => part.trim())
  const addresses = [
    ...parts,
    ...addressesInFile(path.resolve(root, environment.INCIPIT_CONFIG || 'incipit.config.json')),
  ]
  const own = fileSecret(path.resolve(root, environment.INCIPIT_DATA_DIR || '.incipit'))
  return [...parts, ...addresses.flatMap(keysIn), ...(own === undefined ? [] : [own])]
}

const SECRET_NAME = /(?:SECRET|PASSWORD|KEY|TOKEN|URL|DSN|REPLICAS|PREVIOUS|FALLBACK)(?!.*_FILE$)/

/** Of the file of the settings, which may be no JSON. */
function addressesInFile(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').match(/\b[a-z]+:\/\/[^\s"',]+/g) ?? []
  } catch {
    return []
  }
}

function fileSecret(dataDir: string): string | undefined {
  try {
    return findSecret(dataDir)
  } catch {
    return undefined
  }
}

/** What opens the door in an address; nothing where the text is none. */
function keysIn(address: string): string[] {
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

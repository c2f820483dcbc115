import { readFileSync } from 'node:fs'
import type { Environment } from './environment.ts'

/** Variables that hold a secret: `NAME_FILE` may name a file with it instead, as containers are given secrets. */
export const SECRET_NAMES: readonly string[] = [
  'DATABASE_URL',
  'INCIPIT_DATABASE_URL',
  'INCIPIT_DATABASE_MIGRATE_URL',
  'INCIPIT_DATABASE_REPLICAS',
  'INCIPIT_MAIL_PASSWORD',
  'INCIPIT_OWNER_PASSWORD',
  'INCIPIT_SECRET',
  'INCIPIT_SECRET_PREVIOUS',
  'INCIPIT_SSO_CLIENT_SECRET',
  'INNGEST_EVENT_KEY',
  'INNGEST_SIGNING_KEY',
  'INNGEST_SIGNING_KEY_FALLBACK',
  'INCIPIT_TELEMETRY_SENTRY_DSN',
  'SENTRY_DSN',
]

/** Any `…_API_KEY` is a provider's key. */
const PROVIDER_KEY_FILE = /_API_KEY_FILE$/

/**
 * The environment with what the files of its secrets say, under the variables' own names.
 * @throws Error that names the variable, when both are set, the file cannot be read or has nothing in it
 */
export function withSecretFiles(environment: Environment): Environment {
  const named = namesOfFiles(environment)
  if (named.length === 0) return environment
  const secrets = named.map((name) => [name.replace(/_FILE$/, ''), contentOf(environment, name)])
  return { ...environment, ...Object.fromEntries(secrets) }
}

/** What the files of the secrets say, as far as they can be read, whether the settings can be used or not. */
export function readableSecrets(environment: Environment): string[] {
  return namesOfFiles(environment).flatMap((name) => {
    try {
      return [read(name, environment[name] ?? '')]
    } catch {
      return []
    }
  })
}

function namesOfFiles(environment: Environment): string[] {
  return Object.keys(environment).filter(
    (name) => environment[name] && (secretFileNames.includes(name) || PROVIDER_KEY_FILE.test(name)),
  )
}

/** `DATABASE_URL_FILE` and the others. */
export const secretFileNames: readonly string[] = SECRET_NAMES.map((name) => `${name}_FILE`)

function contentOf(environment: Environment, fileName: string): string {
  const name = fileName.replace(/_FILE$/, '')
  if (environment[name]) throw new Error(`Set ${name} or ${fileName}, not both.`)
  const file = environment[fileName] ?? ''
  const secret = read(fileName, file)
  // Taken for no secret at all, it would let the app start with another one, or another database.
  if (secret.trim() === '')
    throw new Error(
      `${fileName} names a file that has nothing in it: ${file}. Write the secret into it, or unset ${fileName}.`,
    )
  return secret
}

function read(fileName: string, file: string): string {
  try {
    return readFileSync(/* turbopackIgnore: true */ file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new Error(`${fileName} names a file that cannot be read: ${file}`, { cause: error })
  }
}

import { z } from 'zod'
import { Config } from './schema.ts'
import { secretFileNames } from './secret-files.ts'

/** The values that a key takes, as far as they are read here. */
export interface KeySchema {
  type?: string
  description?: string
  default?: unknown
  /** The value in effect when the key is not set and has no default. */
  absent?: string
  enum?: unknown[]
  minimum?: number
  maximum?: number
  items?: KeySchema
  properties?: Record<string, KeySchema>
}

/** One key of the configuration. */
export interface Key {
  section: string
  key: string
  /** Variables that set it: the short one, if any, then the one made from section and key. */
  names: string[]
  schema: KeySchema
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Names that are older or shorter than those made from section and key. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  'server.port': 'PORT',
  'server.host': 'HOST',
  'server.url': 'INCIPIT_URL',
  'database.url': 'DATABASE_URL',
  'logging.level': 'INCIPIT_LOG_LEVEL',
  'limits.shutdown_ms': 'INCIPIT_SHUTDOWN_TIMEOUT_MS',
  'telemetry.sentry_dsn': 'SENTRY_DSN',
  'telemetry.environment': 'SENTRY_ENVIRONMENT',
  'telemetry.release': 'SENTRY_RELEASE',
  'telemetry.error_sample_rate': 'SENTRY_SAMPLE_RATE',
}

/** Variables of ours that are no keys. */
export const OTHER_NAMES: readonly string[] = [
  'INCIPIT_CONFIG',
  'INCIPIT_DATA_DIR',
  'INCIPIT_DIST_DIR',
  'INCIPIT_EMBEDDED',
  'INCIPIT_MAIL_PASSWORD',
  'INCIPIT_OWNER_EMAIL',
  'INCIPIT_OWNER_PASSWORD',
  'INCIPIT_ROOT',
  'INCIPIT_SECRET',
  'INCIPIT_SECRET_PREVIOUS',
  'INCIPIT_SSO_CLIENT_SECRET',
]

let keys: readonly Key[] | undefined

/** Every key of the schema with the variables that set it. */
export function configurationKeys(): readonly Key[] {
  keys ??= readKeys()
  return keys
}

function readKeys(): Key[] {
  // JSON has what zod's own type keeps from us, such as `absent`.
  const schema: KeySchema = JSON.parse(JSON.stringify(z.toJSONSchema(Config, { io: 'input' })))
  return Object.entries(schema.properties ?? {}).flatMap(([section, { properties }]) =>
    Object.entries(properties ?? {}).map(([key, of]) => ({
      section,
      key,
      names: names(section, key),
      schema: of,
    })),
  )
}

function names(section: string, key: string): string[] {
  const short = SHORT_NAMES[`${section}.${key}`]
  const long = `INCIPIT_${section}_${key}`.toUpperCase()
  return short === undefined ? [long] : [short, long]
}

/** The settings of the environment: values by section and key, and the variable of each. */
export interface FromEnvironment {
  values: Record<string, Record<string, unknown>>
  /** `limits.body_bytes` to `INCIPIT_LIMITS_BODY_BYTES`. */
  sources: ReadonlyMap<string, string>
  /** Values that cannot be read, each with its variable's name. */
  problems: string[]
  /** Variables that look like ours and set nothing. */
  warnings: string[]
}

/** Reads every key that the environment sets. An empty variable is as good as none. */
export function readEnvironment(environment: Environment): FromEnvironment {
  const all = configurationKeys()
  const found: FromEnvironment = { values: {}, sources: new Map(), problems: [], warnings: [] }
  const sources = new Map<string, string>()
  for (const key of all) {
    const set = key.names.filter((name) => environment[name])
    const [name, other] = set
    if (name === undefined) continue
    const text = environment[name] ?? ''
    if (other !== undefined && environment[other] !== text)
      found.problems.push(`${name} and ${other} say different things; set one of them`)
    const value = parsed(text.trim(), key.schema)
    if (value === undefined)
      found.problems.push(`${name} (${key.section}.${key.key}): expected ${expected(key.schema)}`)
    else found.values[key.section] = { ...found.values[key.section], [key.key]: value }
    sources.set(`${key.section}.${key.key}`, name)
  }
  const known = [...all.flatMap((key) => key.names), ...OTHER_NAMES, ...secretFileNames]
  return { ...found, sources, warnings: unknownNames(environment, known) }
}

/** @returns undefined when the text cannot be such a value */
function parsed(text: string, { type, items }: KeySchema): unknown {
  switch (type) {
    case 'string':
      return text
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()]
    case 'number':
    case 'integer': {
      const number = Number(text)
      return Number.isFinite(number) ? number : undefined
    }
    case 'array': {
      if (text.startsWith('[')) return parsedJson(text)
      if (items?.type === 'object') return undefined
      const parts = text.split(',').map((part) => part.trim())
      const values = parts
        .filter((part) => part !== '')
        .map((part) => parsed(part, items ?? { type: 'string' }))
      return values.includes(undefined) ? undefined : values
    }
    default:
      return parsedJson(text)
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How a value is written in a variable. */
export function expected({ type, items }: KeySchema): string {
  if (type === 'array')
    return items?.type === 'object'
      ? 'a JSON array'
      : `${items?.type ?? 'string'}s separated by commas, or a JSON array`
  if (type === 'object' || type === undefined) return 'JSON'
  return type === 'boolean' ? 'true or false' : 'a number'
}

const PREFIX = 'INCIPIT_'

function unknownNames(environment: Environment, known: readonly string[]): string[] {
  const unknown = Object.keys(environment).filter(
    (name) => /^INCIPIT_(?!TEST_|E2E_)/.test(name) && environment[name] && !known.includes(name),
  )
  return unknown.map(
    (name) => `${name} is no setting and has no effect. The nearest name is ${nearest(name, known)}.`,
  )
}

/** Some names have no `INCIPIT_`, such as `PORT`: people write it before those as well. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const far = (each: string) => distance(each.startsWith(PREFIX) ? name : name.slice(PREFIX.length), each)
  return known.toSorted((a, b) => far(a) - far(b))[0]
}

/** Levenshtein's: how many letters must be added, left out or exchanged. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}

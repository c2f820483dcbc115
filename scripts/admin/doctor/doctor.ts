import type pg from 'pg'
import type { Environment } from '#lib/config/environment.ts'
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts'
import { placeOf } from '#lib/db/connect.ts'
import { reasonOf } from '#lib/db/database-error.ts'
import { readMigrationState } from '#lib/db/migrations/state.ts'
import { readInstances } from '#lib/health/instances.ts'
import { readServerFacts } from '#lib/health/read-database.ts'
import { checkAddress } from './address.ts'
import {
  checkClock,
  checkConnections,
  checkMigrations,
  checkReplicas,
  checkRights,
  checkVersion,
} from './database.ts'
import { type Finding, problem, warning } from './finding.ts'
import { checkFolder, checkNode } from './machine.ts'
import { checkSecretOfDatabase } from './secret.ts'
import { newClient, type Subject } from './subject.ts'
import {
  checkBackups,
  checkInstances,
  checkOutbox,
  checkPartitions,
  checkRunner,
  checkUpkeep,
} from './work.ts'

const CONFIGURATION = 'docs/configuration.md'

export interface DoctorOptions {
  environment: Environment
  root: string
  /** Why the database could not be opened. */
  databaseProblem?: string | undefined
}

type Check = (subject: Subject) => Promise<Finding[]> | Finding[]

/** In the order in which they are told. Those of the database work on one that has our tables. */
const ON_SERVER: Readonly<Record<string, Check>> = {
  server: checkVersion,
  connections: checkConnections,
  clock: checkClock,
  replicas: checkReplicas,
  migrations: checkMigrations,
}
const ON_TABLES: Readonly<Record<string, Check>> = {
  rights: checkRights,
  secret: checkSecretOfDatabase,
  instances: checkInstances,
  runner: checkRunner,
  upkeep: checkUpkeep,
  partitions: checkPartitions,
  outbox: checkOutbox,
  backups: checkBackups,
}

/** Looks at everything that an operator can do something about. It changes nothing. */
export async function examine({ environment, root, databaseProblem }: DoctorOptions): Promise<Finding[]> {
  const findings = checkNode()
  const config = readConfig(environment, root, findings)
  if (config === undefined) return findings
  findings.push(...(await checkFolder(config)))
  if (databaseProblem !== undefined || config.databaseUrl === undefined) {
    findings.push(...checkAddress(config, false), unreachable(config, databaseProblem ?? 'no address is set'))
    return findings
  }
  const client = newClient(config.databaseUrl)
  try {
    await client.connect()
  } catch (error) {
    findings.push(...checkAddress(config, false), unreachable(config, reasonOf(error)))
    return findings
  }
  try {
    findings.push(...(await checkDatabase(config, client)))
  } finally {
    await client.end().catch(() => undefined)
  }
  return findings
}

function readConfig(environment: Environment, root: string, findings: Finding[]): LoadedConfig | undefined {
  const check = 'settings'
  try {
    const config = loadConfig(environment, root)
    for (const text of config.warnings)
      findings.push(
        warning(check, text, { remedy: 'Set what it names, or take it out.', document: CONFIGURATION }),
      )
    if (config.warnings.length === 0)
      findings.push({ check, status: 'ok', seen: 'The settings can be used.' })
    return config
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error)
    findings.push(
      problem(check, seen, {
        remedy: 'Correct it; the app does not start with it.',
        document: CONFIGURATION,
      }),
    )
    return undefined
  }
}

function unreachable({ databaseUrl, embedded }: LoadedConfig, reason: string): Finding {
  const isOwn = databaseUrl === undefined || embedded
  const place = isOwn ? 'The embedded database' : `The database ${placeOf(databaseUrl)}`
  const remedy = isOwn
    ? 'Start Incipit, which starts it, or see why its start fails; or name a server in DATABASE_URL'
    : 'Start the server, or correct DATABASE_URL'
  return problem('database', `${place} cannot be reached: ${reason}`, {
    remedy: `${remedy}. Nothing else about the database could be looked at.`,
    document: 'docs/databases.md',
  })
}

async function checkDatabase(config: LoadedConfig, client: pg.Client): Promise<Finding[]> {
  const asked = Date.now()
  const facts = await readServerFacts(client)
  // Half of the way there and back lies before the server read its clock.
  const readAt = (asked + Date.now()) / 2
  const migrations = await readMigrationState(client, config.root)
  const mayRead = await client.query<{ may: boolean }>(
    `SELECT coalesce(bool_and(has_table_privilege(to_regclass(name), 'SELECT')), false) AS may
     FROM unnest('{instance,access_state,upkeep,outbox,known_secret}'::text[]) AS each (name)`,
  )
  const isReadable = mayRead.rows[0]?.may === true
  const instances = isReadable ? await readInstances(client, config.limits.instance_ms) : []
  const hasAccounts = isReadable && (await readHasAccounts(client))
  const subject = { config, client, facts, readAt, migrations, instances, hasAccounts }
  const found = [...checkAddress(config, hasAccounts), ...(await run(ON_SERVER, subject))]
  const { rights, ...others } = ON_TABLES
  if (migrations.applied.length > 0 && rights !== undefined) found.push(...(await run({ rights }, subject)))
  return isReadable ? [...found, ...(await run(others, subject))] : found
}

async function readHasAccounts(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    'SELECT EXISTS (SELECT FROM access_state WHERE first_owner_at IS NOT NULL AND accounts_off_at IS NULL) AS has',
  )
  return rows[0]?.has === true
}

/** A check that cannot be made says so, and the others go on. */
async function run(checks: Readonly<Record<string, Check>>, subject: Subject): Promise<Finding[]> {
  const found: Finding[] = []
  for (const [name, check] of Object.entries(checks)) {
    try {
      found.push(...(await check(subject)))
    } catch (error) {
      found.push(
        problem(name, `This could not be looked at: ${reasonOf(error)}`, {
          remedy: 'See to the other problems first, then look again.',
          document: 'docs/operating.md',
        }),
      )
    }
  }
  return found
}

import path from 'node:path'
import pg from 'pg'
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts'
import { backUpBeforeMigration, deleteOldBackups } from '#lib/db/backup/before-migration.ts'
import { refuseTransactionPooling } from '#lib/db/connect.ts'
import { migrate } from '#lib/db/migrations/migrate.ts'
import { roleOf } from '#lib/db/prepare.ts'
import { root } from '../root.mjs'

/** The database: that of the settings, or the one that the launcher opened for the script. */
export function databaseUrl(): string {
  const { databaseUrl: url } = settings()
  if (!url) throw new Error(`DATABASE_URL is not set. Set it, or use: ${commandLine('…')}`)
  return url
}

/** The same database by the role that owns its tables; without one of its own it is the app's. */
export function ownerUrl(): string {
  return settings().migrateUrl ?? databaseUrl()
}

/** As the app reads them. */
function settings(): LoadedConfig {
  return loadConfig(process.env, root)
}

/**
 * How the person who reads a message runs a command: by npm in a checkout, by the program `incipit` in an image.
 * @param command such as `restore -- FILE`
 */
export function commandLine(command: string): string {
  return process.env.npm_lifecycle_event ? `npm run ${command}` : `incipit ${command.replace(' -- ', ' ')}`
}

/**
 * Refuses poolers that do not give whole sessions, before anything is done that relies on one.
 * @throws Error that says what to do
 */
export async function refusePoolers(): Promise<void> {
  const owner = ownerUrl()
  await refuseTransactionPooling(databaseUrl())
  if (owner !== databaseUrl()) await refuseTransactionPooling(owner, 'database.migrate_url')
}

/**
 * Applies what the database lacks, as the start of the app does.
 * @returns the names of the migrations that were applied
 * @throws Error that says what to do, for a pooler that does not give whole sessions as well
 */
export async function migrateDatabase(): Promise<string[]> {
  const owner = ownerUrl()
  await refusePoolers()
  const applied = await migrate(owner, root, {
    grantTo: owner === databaseUrl() ? undefined : await roleOf(databaseUrl()),
    beforeChange: (missing) => backUpBeforeMigration({ config: settings(), log: onStderr }, owner, missing),
    log: onStderr,
  })
  if (applied.length > 0) await deleteOldBackups(settings())
  return applied
}

const tell = (fields: object, message: string) => console.error(message, JSON.stringify(fields))
/** stdout is for what a script answers. */
const onStderr = { info: tell, warn: tell }

/** A file named on the command line, relative to where npm was called. */
export function fileArgument(): string | undefined {
  const name = process.argv.slice(2).find((argument) => !argument.startsWith('-'))
  return name === undefined ? undefined : pathOf(name)
}

/** The path of a file, relative to where npm was called. */
export function pathOf(name: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), name)
}

/**
 * npm prints the command before it runs it, to the stream that the data would go to.
 * @param command that says what is to be run instead, such as `backup -- - > FILE`
 * @throws Error that says how to keep npm quiet
 */
export function refuseNpmsLines(command: string): void {
  const { npm_lifecycle_event: byNpm, npm_config_loglevel: level } = process.env
  if (byNpm && level !== 'silent')
    throw new Error(`npm writes lines of its own to stdout. Use: npm run --silent ${command}`)
}

/** @throws Error that says that a terminal is no place for what is no text */
export function refuseTerminal(isTerminal = process.stdout.isTTY): void {
  if (isTerminal)
    throw new Error('A backup is no text for a terminal: send it to a file or a program, with > or |.')
}

/**
 * Runs a script's work and says how it went; a failure is told in one line.
 * @param say stderr where stdout is taken
 */
export async function runScript(work: () => Promise<string>, say = console.log): Promise<void> {
  try {
    say(await work())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

/** Runs work on a connection of its own, without time limits, closed afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'incipit-script' })
  // A connection that breaks while idle is reported by the next query; it must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

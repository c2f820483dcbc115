import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Environment } from '#lib/config/environment.ts'
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts'
import type { BackupTable } from '#lib/db/backup/format.ts'
import { openBackup } from '#lib/db/backup/read.ts'
import { readMigrations } from '#lib/db/migrations/files.ts'
import { startThrowawayPostgres } from '../embedded-postgres/start.mjs'
import { root } from '../root.mjs'
import { ownerUrl, withClient } from './arguments.ts'
import { type PromptsRendered, renderSome } from './drill-prompts.ts'
import { columnsOf, inGroups, knownMigrations, readBackup, recordsOf } from './read-backup.ts'

/** What a drill found. */
export interface DrillReport {
  file: string
  backup_of: string
  /** Whether every table has the rows that the backup has, and every prompt that was tried renders. */
  good: boolean
  rows: number
  tables: { name: string; rows: number; same: boolean }[]
  /** Migrations that the backup had, and that were applied after it was loaded. */
  migrations: { had: number; added: number }
  prompts: PromptsRendered
  /** Whether the secret of this machine is the one that the stored keys are sealed with. */
  secret: 'fits' | 'other' | 'not needed'
  seconds: number
}

/**
 * Restores a backup into a database of its own, which is thrown away afterwards, and looks whether all of it is there.
 * @param isBeside makes that database on the server of the settings instead of a server of its own
 * @throws Error when the file is damaged, incomplete or of a newer version
 */
export async function drill(file: string, { isBeside }: { isBeside: boolean }): Promise<DrillReport> {
  const from = performance.now()
  const known = await knownMigrations()
  // A file that is no backup needs no server.
  const { header } = await openBackup(file, known)
  const scratch = isBeside ? await databaseBeside() : await serverOfItsOwn()
  try {
    const tables: DrillReport['tables'] = []
    const rows = await readBackup(scratch.url, file, {
      onLoaded: async (client) => void tables.push(...(await compare(client, file, known))),
    })
    const { prompts, secret } = await renderSome(configOfDrill(scratch.url))
    return {
      file,
      backup_of: header.created_at,
      good: tables.every(({ same }) => same) && prompts.failed.length === 0,
      rows,
      tables,
      migrations: {
        had: header.migrations.length,
        added: (await readMigrations(root)).length - header.migrations.length,
      },
      prompts,
      secret,
      seconds: Math.round((performance.now() - from) / 100) / 10,
    }
  } finally {
    await scratch.drop()
  }
}

/**
 * The settings, over the database of the drill: nothing in them leads back to the one that is used, whether variables,
 * files of secrets or the file of the settings name it.
 */
export function configOfDrill(url: string, environment: Environment = process.env): LoadedConfig {
  const config = loadConfig(environment, root)
  const database = { ...config.database, url, migrate_url: undefined, replicas: [] }
  return { ...config, database, databaseUrl: url, migrateUrl: undefined }
}

interface Scratch {
  url: string
  drop(): Promise<void>
}

async function serverOfItsOwn(): Promise<Scratch> {
  const { ownerUrl: url, stop } = await startThrowawayPostgres({ durable: false })
  return { url, drop: stop }
}

/** @throws Error that says what right is missing */
async function databaseBeside(): Promise<Scratch> {
  const admin = ownerUrl()
  const name = `incipit_drill_${randomBytes(6).toString('hex')}`
  try {
    await withClient(admin, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`),
    )
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `No database can be made beside: ${reason}. Give the owner's role CREATEDB, or leave --beside out for a server of its own.`,
      { cause: error },
    )
  }
  const url = new URL(admin)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () =>
      withClient(admin, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  }
}

/** Number of rows and sum of their checksums: of a table as it was restored, whatever the order of its rows. */
interface Sum {
  rows: number
  sum: bigint
}

/** The first half of a row's MD5 as a number: no proof against forgery, which the file's own checksums are not either. */
const SUM = `count(*)::integer AS rows,
  coalesce(sum(('x' || left(md5(row_to_json(r)::text), 16))::bit(64)::bigint::numeric), 0)::text AS sum`

/** Each table of the backup, read once more from its file, against what the database has. */
async function compare(
  client: pg.Client,
  file: string,
  known: ReadonlySet<string>,
): Promise<DrillReport['tables']> {
  const { header, rows } = await openBackup(file, known)
  const expected = new Map<string, Sum>()
  for await (const { table, json } of inGroups(header, rows)) {
    const found = await sumOf(client, table, recordsOf(client, table), [json])
    const before = expected.get(table.name) ?? { rows: 0, sum: 0n }
    expected.set(table.name, { rows: before.rows + found.rows, sum: before.sum + found.sum })
  }
  const compared: DrillReport['tables'] = []
  for (const table of header.tables) {
    const found = await sumOf(client, table, client.escapeIdentifier(table.name))
    const { rows: count, sum } = expected.get(table.name) ?? { rows: 0, sum: 0n }
    compared.push({ name: table.name, rows: found.rows, same: found.rows === count && found.sum === sum })
  }
  return compared
}

async function sumOf(
  client: pg.Client,
  table: BackupTable,
  from: string,
  values: unknown[] = [],
): Promise<Sum> {
  const { rows } = await client.query<{ rows: number; sum: string }>(
    `SELECT ${SUM} FROM (SELECT ${columnsOf(client, table)} FROM ${from}) r`,
    values,
  )
  return { rows: rows[0]?.rows ?? 0, sum: BigInt(rows[0]?.sum ?? 0) }
}

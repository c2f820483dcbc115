import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { waitUntilBlocked } from '../testing/blocked.ts'
import { type FreshDatabase, freshDatabase, withClient } from '../testing/database.ts'
import { backUpBeforeMigration } from './backup/before-migration.ts'
import { verifyBackup } from './backup/read.ts'
import { migrate } from './migrate.ts'
import { readMigrations } from './migration-files.ts'
import { checkRuntimeRights } from './rights.ts'

let root: string
let database: FreshDatabase

async function addMigration(name: string, sql: string): Promise<void> {
  const folder = path.join(root, 'prisma', 'migrations', name)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'migration.sql'), sql)
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'incipit-migrations-'))
  database = await freshDatabase({ migrated: false })
  await addMigration('1_first', 'CREATE TABLE thing (n integer)')
  await migrate(database.url, root)
})
afterAll(async () => {
  await database.drop()
  await rm(root, { recursive: true })
})

describe('a migration that needs a table which is in use', () => {
  it('names who holds it, lets others through, and is applied when they have gone', async () => {
    await addMigration('2_second', 'ALTER TABLE thing ADD COLUMN m integer')
    const log = { warn: vi.fn<(fields: object, message: string) => void>() }
    await withClient(database.url, async (reader) => {
      await reader.query(`SET application_name = 'a long report'; BEGIN; SELECT FROM thing`)
      const applied = migrate(database.url, root, { lockTimeoutMs: 400, log })
      await waitUntilBlocked(database.url)
      // Whoever comes now waits behind the migration, and no longer than it waits.
      await withClient(database.url, (other) => other.query('SELECT FROM thing'))
      await vi.waitFor(() => expect(log.warn).toHaveBeenCalled(), 10_000)
      const { rows } = await reader.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      expect(log.warn).toHaveBeenCalledWith(
        expect.objectContaining({
          migration: '2_second',
          by: [expect.objectContaining({ pid: rows[0]?.pid, application_name: 'a long report' })],
        }),
        expect.stringContaining('waits for a table'),
      )
      await reader.query('ROLLBACK')
      await expect(applied).resolves.toEqual(['2_second'])
    })
  })
})

describe('a role that may not migrate', () => {
  it('is told which rights it lacks, in the statements that give them', async () => {
    const empty = await freshDatabase({ migrated: false })
    try {
      const other = new URL(empty.url)
      other.username = 'incipit_app'
      await expect(migrate(other.href, root)).rejects.toThrow(
        /"incipit_app" cannot migrate .*GRANT CREATE, USAGE ON SCHEMA "public" TO "incipit_app";.*GRANT CREATE ON DATABASE .* pg_trgm|pg_trgm.*GRANT CREATE ON DATABASE/s,
      )
    } finally {
      await empty.drop()
    }
  })

  it('starts where nothing is left to apply, and is told what it may not read', async () => {
    const other = new URL(database.url)
    other.username = 'incipit_app'
    await expect(migrate(other.href, root)).rejects.toThrow('_prisma_migrations')
    await expect(withClient(other.href, checkRuntimeRights)).rejects.toThrow(
      /may not use what Incipit needs .*thing.*database\.migrate_url/s,
    )
    await migrate(database.url, root, { grantTo: 'incipit_app' })
    await expect(migrate(other.href, root)).resolves.toEqual([])
    await expect(withClient(other.href, checkRuntimeRights)).resolves.toEqual({
      role: 'incipit_app',
      isOwner: false,
    })
  })
})

describe('an older version', () => {
  it('serves beside what a newer one has added, and is refused where it does not fit', async () => {
    const newer = '-- Works beside versions from 0.0.1 on.\nCREATE TABLE more (n integer)'
    await addMigration('3_third', newer)
    await expect(migrate(database.url, root)).resolves.toEqual(['3_third'])
    await rm(path.join(root, 'prisma', 'migrations', '3_third'), { recursive: true })
    const log = { warn: vi.fn<(fields: object, message: string) => void>() }
    await expect(migrate(database.url, root, { log })).resolves.toEqual([])
    expect(log.warn).toHaveBeenCalledWith({ newer: ['3_third'] }, expect.stringContaining('newer version'))
    await addMigration('4_fourth', 'DROP TABLE more')
    await addMigration('3_third', newer)
    await migrate(database.url, root)
    await rm(path.join(root, 'prisma', 'migrations', '4_fourth'), { recursive: true })
    await expect(migrate(database.url, root)).rejects.toThrow('4_fourth, which this version')
    await addMigration('4_fourth', 'DROP TABLE more')
  })
})

describe('before a database that is in use is changed', () => {
  it('a backup is made, of which the newest are kept; a new database has none', async () => {
    const dataDir = path.join(root, 'data')
    const folder = path.join(dataDir, 'backups')
    const log = {
      info: vi.fn<(fields: object, message: string) => void>(),
      warn: vi.fn<(fields: object, message: string) => void>(),
    }
    const settings = { backup_before_migration: true, backup_largest_bytes: 1e12, backups_kept: 2 }
    const change = (name: string, url: string, more: Partial<typeof settings> = {}) => {
      const config = { dataDir, database: { ...loadConfig({}, root).database, ...settings, ...more } }
      const beforeChange = (missing: readonly string[]) =>
        backUpBeforeMigration({ config, log }, url, missing)
      return addMigration(name, `CREATE TABLE "${name}" ()`).then(() => migrate(url, root, { beforeChange }))
    }
    const other = await freshDatabase({ migrated: false })
    try {
      await change('5_fifth', other.url)
      expect(existsSync(folder)).toBe(false)
      await mkdir(folder, { recursive: true })
      const old = [
        'before-migration-2026-01-01T000000Z.backup.gz',
        'before-migration-2026-01-02T000000Z.backup.gz',
      ]
      for (const name of [...old, 'mine.backup.gz']) await writeFile(path.join(folder, name), '')
      await expect(change('6_sixth', other.url)).resolves.toEqual(['6_sixth'])
      const made = (await readdir(folder)).filter((name) => !old.includes(name) && name !== 'mine.backup.gz')
      expect((await readdir(folder)).sort()).toEqual([old[1], ...made, 'mine.backup.gz'])
      const known = new Set((await readMigrations(root)).map(({ name }) => name))
      await expect(verifyBackup(path.join(folder, made[0] ?? ''), known)).resolves.toBe(0)
      await change('7_seventh', other.url, { backup_largest_bytes: 1 })
      expect(log.warn).toHaveBeenCalledOnce()
      expect(await readdir(folder)).toHaveLength(3)
    } finally {
      await other.drop()
    }
  })

  it('nothing is changed when the backup cannot be written', async () => {
    await writeFile(path.join(root, 'no-folder'), '')
    const config = { dataDir: path.join(root, 'no-folder'), database: loadConfig({}, root).database }
    await addMigration('8_eighth', 'CREATE TABLE eighth ()')
    const log = { info: () => undefined, warn: () => undefined }
    const beforeChange = (missing: readonly string[]) =>
      backUpBeforeMigration({ config, log }, database.url, missing)
    await expect(migrate(database.url, root, { beforeChange })).rejects.toThrow(
      /could not be written.*Nothing was migrated.*database\.backup_before_migration/,
    )
    await withClient(database.url, async (client) => {
      const { rows } = await client.query<{ there: string | null }>(`SELECT to_regclass('eighth') AS there`)
      expect(rows).toEqual([{ there: null }])
    })
  })
})

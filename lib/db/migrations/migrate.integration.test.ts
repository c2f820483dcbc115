import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { waitUntilBlocked } from '../../testing/blocked.ts'
import { type FreshDatabase, freshDatabase, withClient } from '../../testing/database.ts'
import { backUpBeforeMigration, deleteOldBackups } from '../backup/before-migration.ts'
import { verifyBackup } from '../backup/read.ts'
import { checkRuntimeRights } from '../rights.ts'
import { readMigrations } from './files.ts'
import { migrate } from './migrate.ts'

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
  const log = {
    info: vi.fn<(fields: object, message: string) => void>(),
    warn: vi.fn<(fields: object, message: string) => void>(),
  }

  /** A start of a version with one more migration. */
  async function start(name: string, url: string, sql: string, more: object = {}): Promise<string[]> {
    const settings = { backup_before_migration: true, backup_largest_bytes: 1e12, backups_kept: 2, ...more }
    const config = {
      dataDir: path.join(root, 'data'),
      database: { ...loadConfig({}, root).database, ...settings },
    }
    const beforeChange = (missing: readonly string[]) => backUpBeforeMigration({ config, log }, url, missing)
    await addMigration(name, sql)
    const applied = await migrate(url, root, { beforeChange })
    await deleteOldBackups(config)
    return applied
  }

  it('a backup of each state is made, once for starts that fail in a row, and the newest are kept', async () => {
    const folder = path.join(root, 'data', 'backups')
    const states = async () =>
      (await readdir(folder)).map((name) => name.slice('before-'.length, 'before-'.length + 16)).sort()
    const other = await freshDatabase({ migrated: false })
    const names = ['a', 'b', 'c', 'd'].map((letter) => `2027010100000${letter.charCodeAt(0) - 97}_${letter}`)
    const [a = '', b = '', c = '', d = ''] = names
    try {
      await start(a, other.url, 'CREATE TABLE a ()')
      // A new database has nothing to save.
      expect(existsSync(folder)).toBe(false)
      for (let tries = 0; tries < 3; tries++)
        await expect(start(b, other.url, 'SELECT nothing_such')).rejects.toThrow('nothing_such')
      expect(await states()).toEqual([b])
      await expect(start(b, other.url, 'CREATE TABLE b ()')).resolves.toEqual([b])
      const [made = ''] = await readdir(folder)
      const known = new Set((await readMigrations(root)).map(({ name }) => name))
      await expect(verifyBackup(path.join(folder, made), known)).resolves.toBe(0)
      await writeFile(path.join(folder, 'mine.backup.gz'), '')
      await start(c, other.url, 'CREATE TABLE c ()')
      await start(d, other.url, 'CREATE TABLE d ()')
      const left = await readdir(folder)
      expect(left).toContain('mine.backup.gz')
      expect(
        left
          .filter((name) => name.startsWith('before-'))
          .map((name) => name.slice(7, 23))
          .sort(),
      ).toEqual([c, d])
      await start('20270101000004_e', other.url, 'CREATE TABLE e ()', { backup_largest_bytes: 1 })
      expect(log.warn).toHaveBeenCalledOnce()
      expect(await readdir(folder)).toHaveLength(3)
    } finally {
      await other.drop()
      for (const name of [...names, '20270101000004_e'])
        await rm(path.join(root, 'prisma', 'migrations', name), { recursive: true })
    }
  })

  it('nothing is changed when the backup cannot be written', async () => {
    await writeFile(path.join(root, 'no-folder'), '')
    const config = { dataDir: path.join(root, 'no-folder'), database: loadConfig({}, root).database }
    await addMigration('8_eighth', 'CREATE TABLE eighth ()')
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

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { waitUntilBlocked } from '../testing/blocked.ts'
import { type FreshDatabase, freshDatabase, withClient } from '../testing/database.ts'
import { migrate } from './migrate.ts'
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

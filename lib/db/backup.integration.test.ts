import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestDatabase } from '../../scripts/test-database.mjs'
import { createVersion } from '../prompts/operations/create-version.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { seedOnce } from '../seed.ts'
import { type FreshDatabase, freshDatabase, ROOT, withClient } from '../testing/database.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { keepUp } from '../usage/upkeep.ts'
import { startUsageWriter } from '../usage/writer.ts'
import { backup } from './backup.ts'
import { TABLES } from './backup-format.ts'
import { restore } from './restore.ts'

let app: TestRuntime
let folder: string
let file: string
const databases: FreshDatabase[] = []

beforeAll(async () => {
  app = await testRuntime()
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-backup-'))
  file = path.join(folder, 'all.backup.gz')
  await keepUp()
  await seedOnce()
  const prompt = await getPrompt(app.actor(), { name: 'documentation' })
  const config = { z: 1, a: { nested: [1.5, 1e21, null] }, text: 'line\nbreak "quoted" \\ ünïcödé 🦉' }
  await createVersion(app.actor(), {
    name: 'documentation',
    if_match: prompt.etag,
    config,
    message: 'Config',
  })
  await startUsageWriter().flush()
  await backup(app.database.url, file)
})
afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()))
  await rm(folder, { recursive: true })
  await app.close()
})

async function emptyDatabase(): Promise<FreshDatabase> {
  const database = await freshDatabase({ migrated: false })
  databases.push(database)
  return database
}

/** A digest of every table's rows, generated columns included. */
function digests(url: string): Promise<Record<string, string>> {
  return withClient(url, async (client) => {
    await client.query(`SET TIME ZONE 'UTC'`)
    const found: Record<string, string> = {}
    for (const table of TABLES) {
      const { rows } = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '' ORDER BY line COLLATE "C")), '') AS digest
         FROM (SELECT row_to_json(row_of)::text AS line FROM ${table} AS row_of) AS lines`,
      )
      found[table] = rows[0]?.digest ?? ''
    }
    return found
  })
}

describe('backup and restore', () => {
  it('bring back every row as it was', async () => {
    const target = await emptyDatabase()
    await restore(target.url, file, ROOT)
    expect(await digests(target.url)).toEqual(await digests(app.database.url))
  })

  it('work from one major version of PostgreSQL to another and back', async () => {
    const other = await startTestDatabase({
      kind: process.env.INCIPIT_TEST_PG === 'debian' ? 'embedded' : 'debian',
    })
    try {
      await withClient(other.adminUrl, (client) => client.query('CREATE DATABASE restored'))
      const url = new URL(other.adminUrl)
      url.pathname = '/restored'
      await restore(url.href, file, ROOT)
      const back = path.join(folder, 'back.backup.gz')
      await backup(url.href, back)
      const target = await emptyDatabase()
      await restore(target.url, back, ROOT)
      expect(await digests(target.url)).toEqual(await digests(app.database.url))
    } finally {
      await other.stop()
    }
  })

  it('refuse a database that holds something', async () => {
    await expect(restore(app.database.url, file, ROOT)).rejects.toThrow('not empty')
  })

  it('refuse a file that lost its end, and leave nothing behind', async () => {
    const text = gunzipSync(await readFile(file)).toString()
    const cut = path.join(folder, 'cut.backup.gz')
    await writeFile(cut, gzipSync(text.slice(0, text.lastIndexOf('#end'))))
    const target = await emptyDatabase()
    await expect(restore(target.url, cut, ROOT)).rejects.toThrow('not whole')
    await restore(target.url, file, ROOT)
  })

  it('refuse what is no backup', async () => {
    const other = path.join(folder, 'other.gz')
    await writeFile(other, gzipSync('{"format":"something"}\n'))
    await expect(restore((await emptyDatabase()).url, other, ROOT)).rejects.toThrow('no backup')
  })
})

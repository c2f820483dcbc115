import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTables } from '#lib/db/backup/format.ts'
import { verifyBackup } from '#lib/db/backup/read.ts'
import { streamBackup, writeBackup } from '#lib/db/backup/write.ts'
import { type FreshDatabase, freshDatabase } from '#lib/testing/database.ts'
import { makeCategory, makePrompt } from '#lib/testing/factories.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { findDebianPostgres, startTestDatabase } from '../test-database.mjs'
import { withClient } from './arguments.ts'
import { knownMigrations, readBackup } from './read-backup.ts'

let app: TestRuntime
let folder: string
let file: string
let written: number

beforeAll(async () => {
  app = await testRuntime()
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-backup-'))
  file = path.join(folder, 'all.backup.gz')
  await fill()
  written = await writeBackup(app.database.url, file)
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

/** Something in the tables whose rows are easily lost: includes, usage of a day, sealed bytes, key order. */
async function fill(): Promise<void> {
  const actor = app.actor()
  await makeCategory(actor, { slug: 'saved' })
  const inner = await makePrompt(actor, { template_content: 'Größe: {{ size }} 😀 \\ "quoted"' })
  const config = { zeta: 1, alpha: [1.5, null, 'ä'], big: 9007199254740991 }
  await makePrompt(actor, {
    category: 'saved',
    tags: ['b', 'a'],
    template_content: `{% render "${inner.name}", size: 3 %}`,
    config,
  })
  await withClient(app.database.url, async (client) => {
    const { workspaceId, id } = actor
    await client.query(`SELECT ensure_usage_partitions('2026-01-31', 2)`)
    await client.query(
      `INSERT INTO prompt_usage (id, occurred_at, workspace_id, operation, surface, actor_id, outcome, duration_us)
       SELECT gen_random_uuid(), at, $1, 'get', 'mcp', $2, 'ok', 5
       FROM unnest('{2026-01-31T12:00:00.123Z,2026-02-01T00:00:00Z,2020-01-01T00:00:00Z}'::timestamptz[]) at`,
      [workspaceId, id],
    )
    await client.query(
      `INSERT INTO ai_configuration (id, workspace_id, name, provider, model, input_price_per_million, api_key_sealed, api_key_id, created_by)
       VALUES (gen_random_uuid(), $1, 'main', 'openai', 'm', 0.000001, '\\x00ff10', 'k1', $2)`,
      [workspaceId, id],
    )
  })
}

/** What a database holds, table by table, whatever the order of the rows. */
function contents(url: string): Promise<Record<string, string[]>> {
  return withClient(url, async (client) => {
    const found: Record<string, string[]> = {}
    for (const { name } of await readTables(client)) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT row_to_json(t)::text AS row FROM ${name} t`,
      )
      found[name] = rows.map(({ row }) => row).sort()
    }
    return found
  })
}

async function withEmptyDatabase<T>(work: (database: FreshDatabase) => Promise<T>): Promise<T> {
  const database = await freshDatabase({ migrated: false })
  try {
    return await work(database)
  } finally {
    await database.drop()
  }
}

async function changedBackup(change: (lines: string[]) => string[]): Promise<string> {
  const lines = gunzipSync(await readFile(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  const changed = path.join(folder, 'changed.backup.gz')
  await writeFile(changed, gzipSync(`${change(lines).join('\n')}\n`))
  return changed
}

/** gzip's own checksum tells of it, or what it unpacks to is no JSON. */
function changedInTheMiddle(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  const middle = Math.floor(bytes.length / 2)
  changed[middle] = (changed[middle] ?? 0) ^ 0xff
  return changed
}

describe('backup and restore', () => {
  it('bring everything back, the computed columns and the guards with it', async () => {
    await withEmptyDatabase(async ({ url }) => {
      await expect(readBackup(url, file)).resolves.toBe(written)
      await expect(contents(url)).resolves.toEqual(await contents(app.database.url))
      await withClient(url, async (client) => {
        await expect(client.query('DELETE FROM prompt_version')).rejects.toThrow('immutable')
        await expect(client.query('DELETE FROM category')).rejects.toThrow('foreign key')
        const { rows } = await client.query(
          'SELECT tableoid::regclass::text AS part FROM prompt_usage WHERE workspace_id = $1 ORDER BY 1',
          [app.identity.workspaceId],
        )
        expect(rows.map((row) => row.part)).toEqual([
          'prompt_usage_20260131',
          'prompt_usage_20260201',
          'prompt_usage_default',
        ])
      })
    })
  })

  it('cross to another server and back, of another major version where there is one', async () => {
    const isOnDebian = process.env.INCIPIT_TEST_PG === 'debian'
    const kind = !isOnDebian && (await findDebianPostgres()) ? 'debian' : 'embedded'
    const other = await startTestDatabase({ kind })
    try {
      await expect(readBackup(other.adminUrl, file)).resolves.toBe(written)
      const again = path.join(folder, 'again.backup.gz')
      await writeBackup(other.adminUrl, again)
      await withEmptyDatabase(async ({ url }) => {
        await readBackup(url, again)
        await expect(contents(url)).resolves.toEqual(await contents(app.database.url))
      })
    } finally {
      await other.stop()
    }
  })

  it('bring back mended what a file holds and no text can: half of a surrogate pair, a NUL', async () => {
    const odd = await changedBackup((lines) =>
      lines.map((line) => {
        const read = JSON.parse(line) as Record<string, unknown>
        const row = String(read.row).replace('"alpha":[1.5', '"alpha":["\\ud83d\\u0000"')
        return 'row' in read ? JSON.stringify({ ...read, row }) : line
      }),
    )
    await withEmptyDatabase(async ({ url }) => {
      await readBackup(url, odd)
      const { rows } = await withClient(url, (client) =>
        client.query(
          `SELECT config::jsonb -> 'alpha' AS alpha FROM prompt_version WHERE config::text LIKE '%alpha%'`,
        ),
      )
      expect(rows).toEqual([{ alpha: ['\uFFFD\uFFFD', null, 'ä'] }])
    })
  })

  it('write a file that only its owner may read', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('never replace a file, nor follow a link that stands in its place', async () => {
    const before = await readFile(file)
    await expect(writeBackup(app.database.url, file)).rejects.toThrow(`${file} exists already`)
    expect(await readFile(file)).toEqual(before)
    const link = path.join(folder, 'link.backup.gz')
    await symlink(path.join(folder, 'elsewhere'), link)
    await expect(writeBackup(app.database.url, link)).rejects.toThrow(`${link} exists already`)
    expect((await readdir(folder)).filter((name) => /elsewhere|^\./.test(name))).toEqual([])
  })

  it('stream what a file would hold', async () => {
    const piped = path.join(folder, 'piped.backup.gz')
    const rows = await streamBackup(app.database.url, createWriteStream(piped))
    expect(rows).toBe(written)
    await expect(verifyBackup(piped, await knownMigrations())).resolves.toBe(written)
  })

  it.each([
    [
      'a file cut by bytes',
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 100),
      'incomplete: the file ends too early',
    ],
    ['a file with a changed byte', changedInTheMiddle, 'damaged'],
    ['a text', () => Buffer.from('hello'), 'no backup of Incipit'],
    ['an empty file', () => Buffer.alloc(0), /incomplete|no backup/],
    [
      'something after the end',
      (bytes: Buffer) => Buffer.concat([bytes, gzipSync('{"end":true}\n')]),
      'something follows its end',
    ],
  ])('tell of %s, with its name, before they ask the database', async (name, change, message) => {
    const broken = path.join(folder, `${name}.backup.gz`)
    await writeFile(broken, change(await readFile(file)))
    const known = await knownMigrations()
    await expect(verifyBackup(broken, known)).rejects.toThrow(message)
    await expect(readBackup('postgresql://127.0.0.1:1/nowhere', broken)).rejects.toThrow(broken)
  })

  it('name a file that is not there', async () => {
    const missing = path.join(folder, 'missing.backup.gz')
    await expect(readBackup('postgresql://127.0.0.1:1/nowhere', missing)).rejects.toThrow(
      `${missing} cannot be read`,
    )
  })

  it('refuse a database that holds something', async () => {
    await expect(readBackup(app.database.ownerUrl, file)).rejects.toThrow(
      'The database is not empty: actor has rows.',
    )
  })

  it.each([
    ['a cut file', (lines: string[]) => lines.slice(0, -1), 'The backup is incomplete'],
    ['a missing row', (lines: string[]) => lines.toSpliced(3, 1), 'The backup is damaged'],
    ['another file', () => ['{"hello":1}'], 'This file is no backup of Incipit.'],
    [
      'a newer version',
      (lines: string[]) => [
        (lines[0] ?? '').replace('"migrations":[', '"migrations":["29990101000000_later",'),
      ],
      'newer version of Incipit: it knows the migration 29990101000000_later',
    ],
  ])('refuse %s and leave the database empty', async (_, change, message) => {
    const changed = await changedBackup(change)
    await withEmptyDatabase(async ({ url }) => {
      await expect(readBackup(url, changed)).rejects.toThrow(message)
      await expect(readBackup(url, file)).resolves.toBe(written)
    })
  })
})

import { performance } from 'node:perf_hooks'
import type pg from 'pg'
import { ensureWorkspace } from '../lib/access/identify.ts'
import { type PublishedPageKey, readPublishedRows } from '../lib/prompts/store/published-rows.ts'
import { type Query, readStoredPrompt } from '../lib/prompts/store/stored-prompt.ts'
import { freshDatabase, withClient } from '../lib/testing/database.ts'
import { makeManyPrompts } from '../lib/testing/many-prompts.ts'

/*
 * What row-level security would cost the reads that fill the caches: `node bench/row-level-security.ts`. The policies
 * are made in a database of its own. See ADR 72.
 */

const PROMPTS = 5_000
const READS = 4_000
const ROUNDS = 5
const TABLES = [
  'actor',
  'category',
  'prompt_label',
  'prompt_name',
  'prompt_search',
  'prompt_template',
  'prompt_version',
  'version_include',
]
const KEY = {
  list: 'prompts',
  label: 'production',
  category: null,
  after: '',
  limit: 50,
  bytes: 1_000_000,
} as const

type Read = (client: pg.Client, n: number) => Promise<unknown>

/** How a read names its workspace to the policies. */
type Way = (client: pg.Client, workspaceId: string, read: () => Promise<unknown>) => Promise<unknown>

const straight: Way = (_client, _workspaceId, read) => read()

/** The setting lasts as long as the connection: what a pool that serves many workspaces cannot do. */
const bySession: Way = straight

const byTransaction: Way = async (client, workspaceId, read) => {
  await client.query('BEGIN')
  await client.query({
    name: 'set',
    text: `SELECT set_config('incipit.workspace', $1, true)`,
    values: [workspaceId],
  })
  const result = await read()
  await client.query('COMMIT')
  return result
}

/** Milliseconds of one read, the median of some rounds. */
async function timed(
  client: pg.Client,
  workspaceId: string,
  way: Way,
  read: Read,
  reads: number,
): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const startedAt = performance.now()
    for (let n = 1; n <= reads; n++) await way(client, workspaceId, () => read(client, n))
    // The first one warms up.
    if (round > 0) rounds.push((performance.now() - startedAt) / reads)
  }
  return rounds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
}

function readsOf(workspaceId: string): [name: string, read: Read, reads: number][] {
  const found: Read = (client, n) => {
    const query: Query = async <Row>(text: string, values: unknown[]) =>
      // The statement names the columns.
      (await client.query({ name: 'found', text, values })).rows as Row[]
    const name = `prompt_${String((n % PROMPTS) + 1).padStart(6, '0')}`
    return readStoredPrompt(query, workspaceId, name, { label: 'production' })
  }
  const page: Read = (client) =>
    readPublishedRows(client as unknown as pg.Pool, workspaceId, KEY satisfies PublishedPageKey)
  return [
    ['a prompt by its label', found, READS],
    ['a page of prompts/list', page, READS / 20],
  ]
}

async function lock(client: pg.Client): Promise<void> {
  for (const table of TABLES)
    await client.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
      CREATE POLICY workspace ON ${table} USING (workspace_id = current_setting('incipit.workspace')::uuid)`)
}

const database = await freshDatabase()
try {
  const workspaceId = await withClient(database.ownerUrl, async (owner) => {
    const identity = await ensureWorkspace(owner as unknown as pg.Pool)
    await makeManyPrompts(database.ownerUrl, {
      workspaceId: identity.workspaceId,
      actorId: identity.ownerId,
      prompts: PROMPTS,
    })
    return identity.workspaceId
  })
  const rows: Record<string, Record<string, string>> = {}
  const measure = (title: string, way: Way, isLocked: boolean) =>
    withClient(database.url, async (client) => {
      if (isLocked) await client.query(`SELECT set_config('incipit.workspace', $1, false)`, [workspaceId])
      for (const [name, read, reads] of readsOf(workspaceId))
        (rows[name] ??= {})[title] = `${(await timed(client, workspaceId, way, read, reads)).toFixed(3)} ms`
    })
  await measure('without', straight, false)
  await measure('without, in a transaction', byTransaction, false)
  await withClient(database.ownerUrl, lock)
  await measure('policies alone', bySession, true)
  await measure('policies, set for each read', byTransaction, false)
  console.table(rows)
} finally {
  await database.drop()
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePrompt } from '#lib/testing/factories.ts'
import { refusal } from '#lib/testing/refusal.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { exportUsage } from '#lib/usage/operations/export-usage.ts'
import { root } from '../root.mjs'
import { runAdmin, type Said } from './run-admin.ts'

const SECRET = 'a secret that the export shares with us'
const USES = 9000

let app: TestRuntime
let folder: string
beforeAll(async () => {
  app = await testRuntime({ secret: SECRET })
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-export-'))
  const { id } = await makePrompt(app.actor())
  const { pool } = app.runtime.database.primary
  // Two of the three days have a partition; many uses share a millisecond.
  await pool.query(`SELECT ensure_usage_partitions('2026-03-01', 2)`)
  await pool.query(
    `INSERT INTO prompt_usage (id, occurred_at, workspace_id, prompt_id, version_number, label, operation, tool,
       surface, client_name, client_version, actor_id, outcome, duration_us)
     SELECT gen_random_uuid(), '2026-03-01T00:00:00Z'::timestamptz + floor(n / 7) * interval '173.017 seconds', $1, $2, 1,
       CASE WHEN n % 3 = 0 THEN 'production' END, 'render', NULL, 'mcp', CASE n % 4 WHEN 0 THEN 'a "b", c' WHEN 1 THEN E'two\\nlines' WHEN 2 THEN '' END,
       '1', $3, 'ok', n
     FROM generate_series(1, $4::integer) n`,
    [app.identity.workspaceId, id, app.actor().id, USES],
  )
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const environment = () => ({
  DATABASE_URL: app.database.url,
  INCIPIT_DATABASE_MIGRATE_URL: app.database.ownerUrl,
  INCIPIT_DATA_DIR: folder,
  INCIPIT_SECRET: SECRET,
})

const asProcess = (...args: string[]): Promise<Said> => runAdmin(['usage', 'export', ...args], environment())

const linesOf = (text: string) => text.split('\n').slice(0, -1)

/** How many rows of a span are not among the lines, how many lines are no row of it, and how many rows there are. */
async function compared(lines: string[], from: string, to: string) {
  const { rows } = await app.runtime.database.primary.pool.query(
    `WITH stored AS (
       SELECT * FROM prompt_usage WHERE workspace_id = $1 AND occurred_at >= $3::timestamptz AND occurred_at < $4::timestamptz
     ), read AS (
       SELECT (json_populate_record(NULL::prompt_usage, line::json)).* FROM unnest($2::text[]) line
     )
     SELECT (SELECT count(*) FROM (SELECT * FROM stored EXCEPT ALL SELECT * FROM read) m)::integer AS missing,
       (SELECT count(*) FROM (SELECT * FROM read EXCEPT ALL SELECT * FROM stored) m)::integer AS added,
       (SELECT count(*) FROM stored)::integer AS stored`,
    [app.identity.workspaceId, lines, from, to],
  )
  return rows[0]
}

describe('usage export', () => {
  it('killed and gone on with from the last whole line, has every use once, in order', async () => {
    const first = spawn(process.execPath, ['scripts/admin.ts', 'usage', 'export'], {
      cwd: root,
      env: { PATH: process.env.PATH, NODE_ENV: 'test', INCIPIT_ROOT: root, ...environment() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Who reads no more holds it up: it is killed in the middle.
    const [chunk] = await once(first.stdout, 'data')
    first.stdout.pause()
    first.kill('SIGKILL')
    await once(first, 'exit')
    first.stdout.destroy()
    const kept = linesOf(String(chunk))
    const last = JSON.parse(kept.at(-1) ?? '')
    expect(kept.length).toBeLessThan(USES)

    const rest = await asProcess('--after', `${last.occurred_at}/${last.id}`, '--json')
    expect(rest.code).toBe(0)
    const lines = [...kept, ...linesOf(rest.stdout)]
    expect(await compared(lines, '2026-03-01', '2026-06-01')).toEqual({ missing: 0, added: 0, stored: USES })
    expect(JSON.parse(rest.stderr)).toMatchObject({ uses: USES - kept.length })
    const places = lines
      .map((line) => JSON.parse(line))
      .map(({ occurred_at, id }) => [Date.parse(occurred_at), id].join())
    expect(places).toEqual([...places].sort())
  })

  it('takes the uses of a span, first included, end left out', async () => {
    const said = await asProcess('--from', '2026-03-02', '--to', '2026-03-03T00:00:00+00:00')
    expect(said.code).toBe(0)
    const { missing, added, stored } = await compared(linesOf(said.stdout), '2026-03-02Z', '2026-03-03Z')
    expect({ missing, added }).toEqual({ missing: 0, added: 0 })
    expect(stored).toBeGreaterThan(1000)
    expect(said.stderr).toMatch(
      new RegExp(`^${stored} uses before 2026-03-03T00:00:00.000Z were written\\. .*--after 2026-03-02T23:`),
    )
  })

  it('by itself ends where instances may still add uses', async () => {
    const { pool } = app.runtime.database.primary
    await pool.query(
      `INSERT INTO prompt_usage SELECT gen_random_uuid(), now(), workspace_id, prompt_id, version_number, label, operation, tool, surface, client_name, client_version, actor_id, outcome, duration_us
       FROM prompt_usage WHERE workspace_id = $1 LIMIT 1`,
      [app.identity.workspaceId],
    )
    const settled = await exportUsage(app.actor(), { limit: 10_000 })
    expect(settled).toMatchObject({ hasMore: false, to: expect.stringMatching(/T00:00:00\.000Z$/) })
    expect(settled.lines).toHaveLength(USES)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    expect((await exportUsage(app.actor(), { limit: 10_000, to: tomorrow })).lines).toHaveLength(USES + 1)
  })

  it('says what is wrong with what it is asked', async () => {
    expect(await asProcess('--from', 'yesterday')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--from'),
    })
    expect(await refusal(exportUsage(app.actor(), { from: '2999-01-01T00:00:00Z' }))).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['from'] }],
    })
    expect(await refusal(exportUsage(app.actor(), { after: '2026-03-01T00:00:00Z/1' }))).toMatchObject({
      details: [{ path: ['after'], code: 'invalid_cursor' }],
    })
  })
})

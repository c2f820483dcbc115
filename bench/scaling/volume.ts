import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { APPS_SECRET, startApp } from '../../e2e/start-app.ts'
import { newId } from '../../lib/id.ts'
import { freshDatabase, ROOT } from '../../lib/testing/database.ts'
import { testRuntime } from '../../lib/testing/runtime.ts'
import { type PendingUsage, recordUsage, usageBuffer } from '../../lib/usage/recording/record.ts'
import { writeUsage } from '../../lib/usage/recording/write-usage.ts'
import { rollUpUsage } from '../../lib/usage/sums/roll-up.ts'
import { copyPrompt } from '../fill.ts'
import { fillUsage } from '../fill-usage.ts'
import { sendJson } from '../http.ts'
import { SAMPLE } from '../sample-prompt.ts'
import { figure, printTable } from '../stats.ts'

const EVENTS = 300_000
const DAYS = 30
const PROMPTS = 10_000
const BATCH = 5000
const BATCHES = 20

/** What single uses take on disk, and how fast they are written, summed up, exported and dropped. */
export async function benchVolume(): Promise<void> {
  const database = await freshDatabase()
  const app = await startApp({ database: database.url })
  const created = await sendJson(new URL(app.url), 'POST', '/api/prompts', SAMPLE)
  if (created.status !== 201) throw new Error(`the sample prompt was refused: ${created.text}`)
  await app.stop()
  await copyPrompt(database.ownerUrl, SAMPLE.name, PROMPTS)
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  try {
    const rows: [string, number, string][] = []
    rows.push(['written by one connection, in batches', await writeSpeed(database), 'uses a second'])
    // The others are counted alone.
    await pool.query('TRUNCATE prompt_usage, usage_hour')
    await fillUsage(database.ownerUrl, EVENTS, DAYS)
    const summed = await timed(() => rollUpUsage(pool, new Date()))
    rows.push(['hours summed up by days and months', EVENTS / summed, 'uses a second'])
    await pool.query('VACUUM ANALYZE')
    rows.push(...(await sizes(pool)))
    const { seconds, bytes, peak } = await exportAll(database)
    rows.push(
      ['exported', EVENTS / seconds, 'uses a second'],
      ['a line of the export', bytes / EVENTS, 'bytes'],
      ['most memory of the export', peak, 'MB'],
    )
    const dropped = await timed(() => pool.query(`SELECT drop_usage_partitions(now()::date - 20, 7)`))
    rows.push(['a day dropped', (dropped * 1000) / 7, 'ms'])
    printTable(
      `Uses: ${figure(EVENTS)} of ${DAYS} days and ${figure(PROMPTS)} prompts`,
      ['', 'measured', 'unit'],
      rows.map(([what, value, unit]) => [what, figure(value), unit]),
    )
  } finally {
    await pool.end()
    await database.drop()
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** Rows a second that the app's own statement writes, their hours included, one batch after another. */
async function writeSpeed(database: Awaited<ReturnType<typeof freshDatabase>>): Promise<number> {
  const app = await testRuntime({ database })
  const actor = app.actor({ surface: 'mcp', client: { name: 'bench', version: '1' } })
  const { pool } = app.runtime.database.primary
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM prompt_template LIMIT 50')
  const batches = Array.from({ length: BATCHES + 1 }, () =>
    batch(
      actor,
      rows.map(({ id }) => id),
    ),
  )
  await writeUsage(pool, batches.pop() ?? [])
  const seconds = await timed(async () => {
    for (const events of batches) await writeUsage(pool, events)
  })
  await app.close()
  return (BATCH * BATCHES) / seconds
}

function batch(actor: Parameters<typeof recordUsage>[0], prompts: string[]): PendingUsage[] {
  for (let n = 0; n < BATCH; n++)
    recordUsage(actor, {
      operation: 'render',
      prompt_id: prompts[n % prompts.length],
      version: 1,
      label: 'production',
      outcome: 'ok',
      duration_us: 50 + (n % 400),
    })
  return usageBuffer()
    .take(BATCH)
    .map((event) => ({ ...event, id: newId() }))
}

/** Bytes on disk by use: of single ones, rows and indexes apart, and of what is kept of them for good. */
async function sizes(pool: pg.Pool): Promise<[string, number, string][]> {
  const { rows } = await pool.query<{ heap: number; indexes: number; hours: number; sums: number }>(
    `SELECT sum(pg_table_size(oid)) FILTER (WHERE relname LIKE 'prompt\\_usage%')::float8 AS heap,
       sum(pg_indexes_size(oid)) FILTER (WHERE relname LIKE 'prompt\\_usage%')::float8 AS indexes,
       sum(pg_total_relation_size(oid)) FILTER (WHERE relname = 'usage_hour')::float8 AS hours,
       sum(pg_total_relation_size(oid)) FILTER (WHERE relname ~ '^usage_' AND relname <> 'usage_hour')::float8 AS sums
     FROM pg_class WHERE relkind = 'r'`,
  )
  const { heap = 0, indexes = 0, hours = 0, sums = 0 } = rows[0] ?? {}
  return [
    ['a use, its row', heap / EVENTS, 'bytes'],
    ['a use, its entries in two indexes', indexes / EVENTS, 'bytes'],
    ['its share of the hours', hours / EVENTS, 'bytes'],
    ['its share of days and months', sums / EVENTS, 'bytes'],
  ]
}

/** Runs the operator's command to its end; what it prints is counted and thrown away. */
async function exportAll({ url, ownerUrl }: { url: string; ownerUrl: string }) {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const started = performance.now()
  const child = spawn(process.execPath, ['scripts/admin.ts', 'usage', 'export', '--to', tomorrow], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      INCIPIT_ROOT: ROOT,
      INCIPIT_SECRET: APPS_SECRET,
      DATABASE_URL: url,
      INCIPIT_DATABASE_MIGRATE_URL: ownerUrl,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let [bytes, chunks, peak] = [0, 0, 0]
  for await (const chunk of child.stdout) {
    if (chunks++ % 100 === 0) peak = peakMegabytes(child.pid) ?? peak
    bytes += (chunk as Buffer).length
  }
  if (child.exitCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) throw new Error(`the export ended with ${child.exitCode}`)
  return { seconds: (performance.now() - started) / 1000, bytes, peak }
}

/** The most that a process has held so far; undefined once it has ended. */
function peakMegabytes(pid: number | undefined): number | undefined {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

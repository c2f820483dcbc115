import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { rollUpUsage } from '../lib/usage/roll-up.ts'
import { fillUsage } from './fill-usage.ts'
import { getJson } from './http.ts'
import type { Product } from './product.ts'
import { SAMPLE } from './sample-prompt.ts'

const EVENTS = 1_000_000
const DAYS = 90
const ROUNDS = 9
const PROMISED_MS = 300

/** How long statistics take over a million events of ninety days. */
export async function benchStats(product: Product): Promise<void> {
  await fillUsage(product.databaseUrl, EVENTS, DAYS)
  // The app does it every hour; here it is done at once, and what the app would add waits for it.
  const pool = new pg.Pool({ connectionString: product.databaseUrl, max: 1 })
  const started = performance.now()
  await rollUpUsage(pool, new Date())
  const rolledUp = performance.now() - started
  await pool.query('VACUUM ANALYZE')
  await pool.end()
  const rows: string[][] = []
  for (const [what, path] of questions()) rows.push([what, ...(await timed(product.url, path))])
  printTable(
    `Statistics over ${figure(EVENTS)} uses in ${DAYS} days (summed up in ${figure(rolledUp / 1000)} s)`,
    ['question', 'median ms', 'worst ms', 'promised'],
    rows,
  )
}

function questions(): [string, string][] {
  const from = `from=${encodeURIComponent(new Date(Date.now() - DAYS * 86_400_000).toISOString())}`
  const series = `/api/stats/timeseries?${from}`
  return [
    ['all of it', `/api/stats?${from}`],
    ['by one way', `/api/stats?${from}&surface=rest`],
    ['one prompt', `/api/stats?${from}&prompt=${SAMPLE.name}_000007`],
    ['the last 30 days', '/api/stats'],
    ['days of Berlin', `${series}&timezone=Europe/Berlin`],
    ['days by way', `${series}&by=surface`],
    ['days by prompt', `${series}&by=prompt`],
    ['days of one prompt by version', `${series}&by=version&prompt=${SAMPLE.name}_000007`],
    ['by person and key', `/api/stats?${from}&actors=true`],
    ['single uses', '/api/uses?limit=200'],
    ['single uses that failed', '/api/uses?failed=true&limit=200'],
    ['single uses of one prompt', `/api/uses?prompt=${SAMPLE.name}_000007&limit=200`],
    ['single uses of a client that is gone', '/api/uses?client=gone'],
    ['a list with its uses', '/api/prompts?limit=200&usage=true'],
  ]
}

/** Median and worst of some rounds, beside what is promised. */
export async function timed(product: URL, path: string): Promise<string[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await getJson(product, path)
    times.push(performance.now() - start)
  }
  // The first one opens connections and plans.
  const sorted = times.slice(1).toSorted((a, b) => a - b)
  return [figure(sorted[sorted.length >> 1] ?? 0), figure(sorted.at(-1) ?? 0), `< ${PROMISED_MS}`]
}

/** User and system time of a process so far, as Linux tells it in hundredths of a second. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Prints rows in columns as wide as their widest cell; numbers to the right. */
export function printTable(title: string, head: string[], rows: (string | number)[][]): void {
  const cells = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  for (const row of cells.slice(1)) console.log(line(row))
}

/** A number with so many digits that it can be compared at a glance. */
export function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import type { Stats } from '../lib/usage/schema.ts'
import { rollUpUsage } from '../lib/usage/sums/roll-up.ts'
import { inHaste } from './fast-fill.ts'
import { fillUsage } from './fill-usage.ts'
import { getJson } from './http.ts'
import { type Product, startProduct } from './product.ts'
import { SAMPLE } from './sample-prompt.ts'

const EVENTS = 10_000_000
const PROMPTS = 100_000
const DAYS = 90
const ROUNDS = 9
const PROMISED_MS = 300
const PROMISED_BYTES = 250_000
const DAY_MS = 86_400_000

/** How long statistics take over ten million uses of ninety days and a hundred thousand prompts. */
export async function benchStats(superuserUrl: string): Promise<void> {
  const product = await startProduct(PROMPTS, {
    fill: (url) => inHaste(superuserUrl, () => fillAndSumUp(url)),
  })
  try {
    await askStats(product)
  } finally {
    await product.stop()
  }
}

/** Asks every question of a product that is filled. */
async function askStats(product: Pick<Product, 'url'>): Promise<void> {
  const rows: string[][] = []
  for (const [what, path] of await questions(product)) rows.push([what, ...(await timed(product.url, path))])
  printTable(
    `Statistics over ${figure(EVENTS)} uses in ${DAYS} days and ${figure(PROMPTS)} prompts`,
    ['question', 'median ms', 'worst ms', 'promised'],
    rows,
  )
  await benchPage(product)
  await benchFiles(product)
}

/** The app sums up every hour; here it is done at once, and what the app would add waits for it. */
async function fillAndSumUp(databaseUrl: string): Promise<void> {
  const started = performance.now()
  await fillUsage(databaseUrl, EVENTS, DAYS)
  const filled = performance.now()
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  await rollUpUsage(pool, new Date())
  const summedUp = performance.now()
  await pool.query('VACUUM ANALYZE')
  await pool.end()
  console.log(
    `filled in ${figure((filled - started) / 1000)} s, summed up in ${figure((summedUp - filled) / 1000)} s`,
  )
}

async function questions({ url }: Pick<Product, 'url'>): Promise<[string, string][]> {
  const from = ago(DAYS)
  const most = (await getJson(url, `/api/stats?${from}&limit=1&actors=true`)) as unknown as Stats
  const prompt = `prompt=${most.by_prompt[0]?.name}`
  const series = `/api/stats/timeseries?${from}`
  const midDay = `from=${new Date(Date.now() - 40.4 * DAY_MS).toISOString()}&to=${new Date(Date.now() - 10.7 * DAY_MS).toISOString()}`
  return [
    ['all of it', `/api/stats?${from}`],
    ['all of it, 200 rows', `/api/stats?${from}&limit=200`],
    ['by one surface', `/api/stats?${from}&surface=rest`],
    ['by one client', `/api/stats?${from}&client=mcp-client-1`],
    ['by one surface and client', `/api/stats?${from}&surface=mcp&client=mcp-client-1`],
    ['the most used prompt', `/api/stats?${from}&${prompt}`],
    ['a version of it', `/api/stats?${from}&${prompt}&version=2`],
    ['a seldom used prompt', `/api/stats?${from}&prompt=${SAMPLE.name}_000007`],
    ['the last 30 days', '/api/stats'],
    ['the last 30 days, by one surface', '/api/stats?surface=mcp'],
    ['the last day', `/api/stats?${ago(1)}`],
    ['thirty days from mid-day to mid-day', `/api/stats?${midDay}`],
    ['by person and key', `/api/stats?${from}&actors=true`],
    ['of one person', `/api/stats?${ago(30)}&actor=${most.by_actor?.[0]?.actor.id}`],
    ['days', series],
    ['days of Berlin', `${series}&timezone=Europe/Berlin`],
    ['hours of the last three days', `/api/stats/timeseries?${ago(3)}&interval=hour`],
    ['days by surface', `${series}&by=surface`],
    ['days by client', `${series}&by=client`],
    ['days by prompt', `${series}&by=prompt`],
    ['days of New York by prompt', `${series}&by=prompt&timezone=America/New_York`],
    ['days by version', `${series}&by=version`],
    ['days of one surface by prompt', `${series}&by=prompt&surface=rest`],
    ['days of the most used prompt by version', `${series}&by=version&${prompt}`],
    ['the same of Berlin', `${series}&by=version&${prompt}&timezone=Europe/Berlin`],
    ['single uses', '/api/uses?limit=200'],
    ['single uses that failed', '/api/uses?failed=true&limit=200'],
    ['single uses of one prompt', `/api/uses?prompt=${SAMPLE.name}_000007&limit=200`],
    ['single uses of a client that is gone', '/api/uses?client=gone'],
    ['a list with its uses', '/api/prompts?limit=200&usage=true'],
    ...aboutFailures({ prompt, midDay, actor: most.by_actor?.[0]?.actor.id }),
  ]
}

/** Reasons of failures, and how many there are. */
function aboutFailures(asked: {
  prompt: string
  midDay: string
  actor: string | undefined
}): [string, string][] {
  const { prompt, midDay, actor } = asked
  const failures = `/api/stats/failures?${ago(DAYS)}`
  return [
    ['reasons of failures', failures],
    ['200 reasons', `${failures}&limit=200`],
    ['reasons of the last 30 days', '/api/stats/failures'],
    ['reasons of the last day', `/api/stats/failures?${ago(1)}`],
    ['reasons from mid-day to mid-day', `/api/stats/failures?${midDay}`],
    ['reasons by one surface', `${failures}&surface=mcp`],
    ['reasons by one client', `${failures}&client=mcp-client-1`],
    ['200 reasons by one client', `${failures}&client=browser-client-2&limit=200`],
    ['reasons by one surface and client', `${failures}&surface=mcp&client=mcp-client-1`],
    ['reasons by a client that is gone', `${failures}&client=gone`],
    ['reasons of one person', `${failures}&actor=${actor}`],
    ['reasons of the most used prompt', `${failures}&${prompt}`],
    ['reasons of a version of it', `${failures}&${prompt}&version=2`],
    ['reasons of a seldom used prompt', `${failures}&prompt=${SAMPLE.name}_000007`],
  ]
}

const ago = (days: number) => `from=${new Date(Date.now() - days * DAY_MS).toISOString()}`

/** The page of usage: how long it takes, and how large it is. */
async function benchPage(product: Pick<Product, 'url'>): Promise<void> {
  const rows: string[][] = []
  for (const [what, path] of [
    ['the page', '/usage'],
    ['of 90 days', '/usage?range=90d'],
    ['of one surface', '/usage?surface=mcp'],
  ] as const) {
    const html = await (await fetch(new URL(path, product.url))).text()
    const times = await timed(product.url, path, async (url, page) =>
      (await fetch(new URL(page, url))).text(),
    )
    rows.push([what, ...times, figure(Buffer.byteLength(html)), `≤ ${figure(PROMISED_BYTES)}`])
  }
  printTable('The page /usage', ['page', 'median ms', 'worst ms', 'promised', 'bytes', 'promised'], rows)
}

/** Files of reasons, and how long the quickest question waits beside them. */
async function benchFiles({ url }: Pick<Product, 'url'>): Promise<void> {
  const rows: string[][] = []
  for (const format of ['csv', 'jsonl']) {
    const path = `/api/stats/failures?${ago(DAYS)}&format=${format}`
    const start = performance.now()
    const sent = new AbortController()
    const file = fetch(new URL(path, url)).then(async (answer) => {
      const first = performance.now() - start
      const bytes = (await answer.text()).length
      sent.abort()
      return { first, bytes, whole: performance.now() - start }
    })
    let worst = 0
    while (!sent.signal.aborted) {
      const asked = performance.now()
      await getJson(url, '/health/live')
      worst = Math.max(worst, performance.now() - asked)
    }
    const { first, bytes, whole } = await file
    rows.push([format, figure(bytes / 1e6), figure(first), figure(whole), figure(worst)])
  }
  printTable('Files of reasons', ['format', 'MB', 'begins after ms', 'ends after ms', 'others wait ms'], rows)
}

/** Median and worst of some rounds, beside what is promised. */
export async function timed(
  product: URL,
  path: string,
  ask: (product: URL, path: string) => Promise<unknown> = getJson,
): Promise<string[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await ask(product, path)
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

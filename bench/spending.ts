import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { COUNT } from '../lib/usage/spending/count-spending.ts'
import { fillSpending } from './fill-spending.ts'
import type { Product } from './product.ts'
import { SAMPLE } from './sample-prompt.ts'
import { figure, printTable, timed } from './stats.ts'

const ATTEMPTS = 1_000_000
const DAYS = 90
const UNCOUNTED = 20_000
const AT_ONCE = 2000

/** How long questions about spending take over a million attempts of ninety days, and how long summing up takes. */
export async function benchSpending(product: Product): Promise<void> {
  await fillSpending(product.databaseUrl, { attempts: ATTEMPTS, days: DAYS, uncounted: UNCOUNTED })
  const pool = new pg.Pool({ connectionString: product.databaseUrl, max: 1 })
  await pool.query('VACUUM ANALYZE')
  const started = performance.now()
  for (let n = 0; n < UNCOUNTED / AT_ONCE - 1; n++) await pool.query(COUNT, [AT_ONCE])
  const counted = (performance.now() - started) / (UNCOUNTED / AT_ONCE - 1)
  await pool.query('VACUUM ANALYZE')
  await pool.end()
  const rows: string[][] = []
  for (const [what, path] of questions()) rows.push([what, ...(await timed(product.url, path))])
  printTable(
    `Spending of ${figure(ATTEMPTS)} attempts in ${DAYS} days (${figure(AT_ONCE)} are summed up in ${figure(counted)} ms)`,
    ['question', 'median ms', 'worst ms', 'promised'],
    rows,
  )
}

function questions(): [string, string][] {
  const from = `from=${encodeURIComponent(new Date(Date.now() - DAYS * 86_400_000).toISOString())}`
  const spending = `/api/stats/spending?${from}`
  return [
    ['by model', `${spending}&by=model`],
    ['by prompt', `${spending}&by=prompt`],
    ['by version', `${spending}&by=version`],
    ['by category', `${spending}&by=category`],
    ['by client, days of Berlin', `${spending}&by=client&timezone=Europe/Berlin`],
    ['by prompt, days of Berlin', `${spending}&by=prompt&timezone=Europe/Berlin`],
    ['one prompt by version', `${spending}&by=version&prompt=${SAMPLE.name}_000007&timezone=Europe/Berlin`],
    ['one configuration by client', `${spending}&by=client&configuration=bench-1`],
    ['the last 30 days', '/api/stats/spending'],
    ['all statistics of use', `/api/stats?${from}`],
  ]
}

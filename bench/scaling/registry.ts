import pg from 'pg'
import { getJson } from '../http.ts'
import { type Product, startProduct } from '../product.ts'
import { throughputOver } from '../scale.ts'
import { figure, printTable } from '../stats.ts'

const SIZES = [10, 10_000, 100_000]
const ROUNDS = 9

/** The same load on registries of different sizes, one after another, and what a prompt takes on disk. */
export async function benchRegistry(): Promise<void> {
  const rows: string[][] = []
  let small = 0
  for (const prompts of SIZES) {
    const product = await startProduct(prompts)
    const perSecond = await throughputOver(product.url, prompts)
    small ||= perSecond
    rows.push([
      figure(prompts),
      figure(product.readyAfter / 1000),
      figure(perSecond),
      figure(perSecond / small),
      ...(await latencies(product)),
      ...(await bytesOf(product, prompts)),
    ])
    await product.stop()
  }
  printTable(
    'Size of the registry (promised: ready in under 5 s with 100,000; 10,000 no more than 20 % slower than 10)',
    [
      'prompts',
      'ready after s',
      'prompts/get a second',
      '× of 10 prompts',
      'list ms',
      'search ms',
      'bytes a prompt',
      'of it search',
    ],
    rows,
  )
}

/** Medians of a page of 50, and of a search for words that every prompt has. */
async function latencies({ url }: Product): Promise<string[]> {
  const median = async (path: (round: number) => string) => {
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now()
      await getJson(url, path(round))
      times.push(performance.now() - start)
    }
    return figure(times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0)
  }
  // Other words and sizes each time, so that no answer is at hand.
  return [
    await median((round) => `/api/prompts?limit=${50 + round}`),
    await median((round) => `/api/prompts?q=audience+reader&limit=${20 + round}`),
  ]
}

/** On disk with its indexes: all tables of a prompt, and the search's alone. */
async function bytesOf({ databaseUrl }: Product, prompts: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ bytes: number; search: number }>(
    `SELECT sum(pg_total_relation_size(oid))::float8 AS bytes,
       sum(pg_total_relation_size(oid)) FILTER (WHERE relname = 'prompt_search')::float8 AS search
     FROM pg_class WHERE relkind = 'r' AND relname LIKE 'prompt\\_%' AND NOT relispartition`,
  )
  await client.end()
  return [rows[0]?.bytes, rows[0]?.search].map((bytes) => figure((bytes ?? 0) / prompts))
}

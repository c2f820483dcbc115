import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { childrenOf } from '../../e2e/faults/harness/processes.ts'
import { growth, scrape } from '../../e2e/scrape.ts'
import { type RunningApp, startApp } from '../../e2e/start-app.ts'
import { getJson } from '../http.ts'
import { closedLoop } from '../load/drive.ts'
import { mcpRequest } from '../load/request.ts'
import { startProduct } from '../product.ts'
import { SAMPLE, sampleArguments } from '../sample-prompt.ts'
import { figure, printTable, processorSeconds } from '../stats.ts'

const COUNTS = [1, 2, 4]
const CONNECTIONS = 32
const SECONDS = 5
const REST_SECONDS = 5
const CHANGES = 200
const STATEMENTS = 'incipit_database_statement_seconds_count'

interface Instance {
  url: URL
  pid: number
}

/**
 * What an instance more costs and brings, on one database: under load, at rest, and while others change prompts. All
 * share the cores of one machine, so that their requests a second do not add up here; what one request takes does.
 * @param dataFolder of the PostgreSQL that they share
 */
export async function benchInstances(dataFolder: string): Promise<void> {
  const product = await startProduct(10_000)
  const more: RunningApp[] = []
  const client = new pg.Client({ connectionString: product.databaseUrl })
  await client.connect()
  const rows: string[][] = []
  try {
    for (const count of COUNTS) {
      while (more.length < count - 1)
        more.push(await startApp({ database: product.servingUrl, env: { INCIPIT_LOG_LEVEL: 'warn' } }))
      const instances = [product, ...more.map(({ url, pid }) => ({ url: new URL(url), pid }))]
      rows.push(await measure(instances, client, postgresSeconds(dataFolder)))
    }
  } finally {
    await client.end()
    for (const app of more) await app.stop()
    await product.stop()
  }
  print(rows)
}

function print(rows: string[][]): void {
  printTable(
    `Instances on one database and one machine: ${CONNECTIONS} connections for ${SECONDS} s of prompts/get, ${REST_SECONDS} s of rest, ${CHANGES} changes by the first`,
    [
      'instances',
      'req/s',
      '× of 1',
      'CPU µs a request',
      'of PostgreSQL',
      'statements for 1,000',
      'uses written a second',
      'connections each',
      'MB each',
      'at rest: CPU % each',
      'statements a second each',
      'a change: CPU µs on each other',
      'told after ms',
    ],
    rows.map(([count = '', perSecond = '', ...rest]) => [
      count,
      figure(Number(perSecond)),
      figure(Number(perSecond) / Number(rows[0]?.[1])),
      ...rest,
    ]),
  )
}

async function measure(instances: Instance[], client: pg.Client, postgres: () => number): Promise<string[]> {
  const loaded = await underLoad(instances, client, postgres)
  const connections = await countConnections(client)
  const memory = instances.map(({ pid }) => proportionalMegabytes(pid))
  const rest = await atRest(instances)
  const told = await fanOut(instances, rest.cpu)
  return [
    String(instances.length),
    ...loaded,
    figure(connections / instances.length),
    figure(sum(memory) / instances.length),
    figure(rest.cpu * 100),
    figure(rest.statements),
    ...told,
  ]
}

/** Requests a second of all, and what a request takes. */
async function underLoad(
  instances: Instance[],
  client: pg.Client,
  postgres: () => number,
): Promise<string[]> {
  const load = (seconds: number) =>
    Promise.all(
      instances.map(({ url }) =>
        closedLoop({
          url,
          requests: Array.from({ length: 200 }, (_, turn) => hotRequest(url, turn)),
          connections: CONNECTIONS / instances.length,
          seconds,
          warmUpSeconds: 0,
        }),
      ),
    )
  await load(2)
  const [events, statements] = [await countUses(client), await statementsOf(instances)]
  const [cpu, database, started] = [cpuOf(instances), postgres(), performance.now()]
  const results = await load(SECONDS)
  const spent = [cpuOf(instances) - cpu, postgres() - database]
  const length = (performance.now() - started) / 1000
  const written = (await countUses(client)) - events
  const sent = sum(results.map((result) => result.sent))
  const failed = sum(results.map(({ failures }) => failures))
  if (failed > 0) throw new Error(`${failed} requests failed`)
  return [
    String(sum(results.map(({ perSecond }) => perSecond))),
    ...spent.map((seconds) => figure((seconds / sent) * 1e6)),
    figure((((await statementsOf(instances)) - statements) / sent) * 1000),
    figure(written / length),
  ]
}

function hotRequest(url: URL, turn: number): Buffer {
  const name = `${SAMPLE.name}_00000${(turn % 5) + 1}`
  return mcpRequest(url, 'prompts/get', { name, arguments: sampleArguments(turn) }, turn)
}

/** What an instance does while nobody asks it anything, by second. */
async function atRest(instances: Instance[]): Promise<{ cpu: number; statements: number }> {
  const [cpu, statements] = [cpuOf(instances), await statementsOf(instances)]
  await pause(REST_SECONDS * 1000)
  const per = REST_SECONDS * instances.length
  return {
    cpu: (cpuOf(instances) - cpu) / per,
    statements: ((await statementsOf(instances)) - statements) / per,
  }
}

/** What a change by the first instance costs each other one, and when the last has heard of it. */
async function fanOut([first, ...others]: Instance[], restCpu: number): Promise<string[]> {
  const last = others.at(-1)
  if (first === undefined || last === undefined) return ['', '']
  // Of other prompts each time: a label that stands already is no change.
  const label = `told-${others.length}`
  const [cpu, started] = [cpuOf(others), performance.now()]
  for (let turn = 0; turn < CHANGES; turn++) await setLabel(first.url, turn, label)
  const seconds = (performance.now() - started) / 1000
  const spent = cpuOf(others) - cpu - restCpu * seconds * others.length
  const times: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const revision = await setLabel(first.url, CHANGES + turn, label)
    const moved = performance.now()
    // It waits there until the instance has heard of this revision.
    await fetch(new URL(`/api/prompts/${copyOf(CHANGES + turn)}`, last.url), {
      headers: { 'incipit-revision': revision },
    })
    times.push(performance.now() - moved)
  }
  const median = times.toSorted((a, b) => a - b)[10] ?? 0
  return [figure((spent / CHANGES / others.length) * 1e6), figure(median)]
}

const copyOf = (turn: number) => `${SAMPLE.name}_${String(turn + 1000).padStart(6, '0')}`

/** Gives a prompt a label; returns the revision of the change. */
async function setLabel(url: URL, turn: number, label: string): Promise<string> {
  const name = copyOf(turn)
  const { etag } = await getJson(url, `/api/prompts/${name}`)
  const headers = { 'If-Match': String(etag) }
  const response = await fetch(new URL(`/api/prompts/${name}/labels/${label}`, url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ version: 1 }),
  })
  if (!response.ok) throw new Error(`moving a label answered ${response.status}: ${await response.text()}`)
  await response.arrayBuffer()
  return response.headers.get('incipit-revision') ?? ''
}

async function statementsOf(instances: Instance[]): Promise<number> {
  const scrapes = await Promise.all(instances.map(({ url }) => scrape({ url: url.origin })))
  return sum(scrapes.flatMap((found) => Object.values(growth(new Map(), found, STATEMENTS))))
}

async function countUses(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ uses: number }>('SELECT count(*)::float8 AS uses FROM prompt_usage')
  return rows[0]?.uses ?? 0
}

async function countConnections(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ open: number }>(
    `SELECT count(*)::float8 AS open FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name ~ '^(incipit|inngest)'`,
  )
  return rows[0]?.open ?? 0
}

/** Processor time of all processes of a PostgreSQL so far. */
function postgresSeconds(dataFolder: string): () => number {
  const postmaster = Number(readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  return () => sum(childrenOf(postmaster).map(processorSeconds))
}

const cpuOf = (instances: Instance[]) => sum(instances.map(({ pid }) => processorSeconds(pid)))

/** Memory of a process, what it shares with others by halves. */
function proportionalMegabytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0)

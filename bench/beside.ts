import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { closedLoop } from './load/drive.ts'
import { CONNECTIONS, SCENARIOS } from './scenarios.ts'
import { figure, printTable, processorSeconds } from './stats.ts'

const PROMPTS = 1000
const ROUNDS = 12
const SECONDS = 1.5

/** A product that another process serves, on a database of its own. */
interface Served {
  url: URL
  pid: number
  stop(): Promise<void>
}

/** Runs in the other checkout, with its own code and build. */
const SERVE = `
import { startTestDatabase } from './scripts/test-database.mjs'
const server = await startTestDatabase({ kind: 'embedded', durable: true })
process.env.INCIPIT_TEST_DATABASE_URL = server.adminUrl
const { startProduct } = await import('./bench/product.ts')
const product = await startProduct(${PROMPTS})
console.log(JSON.stringify({ url: product.url.href, pid: product.pid }))
process.stdin.on('end', async () => { await product.stop(); await server.stop() }).resume()
`

/**
 * Compares this checkout with another one that is built: the two take turns in short rounds, so that whatever
 * else the machine does meets both.
 * @param other the folder of the other checkout
 */
export async function benchBeside(other: string): Promise<void> {
  const ours = await serve(path.join(import.meta.dirname, '..'))
  const theirs = await serve(path.resolve(other))
  try {
    const rows: string[][] = []
    for (const { name, requests } of SCENARIOS) {
      const rounds: { ours: Round; theirs: Round }[] = []
      for (let round = 0; round <= ROUNDS; round++) {
        const pair = { ours: await oneRound(ours, requests), theirs: await oneRound(theirs, requests) }
        // The first one warms both.
        if (round > 0) rounds.push(pair)
      }
      rows.push(row(name, rounds))
    }
    printTable(
      `Beside ${other}: medians of ${ROUNDS} rounds in turns, ${CONNECTIONS} connections (below 1 this checkout is slower, or spends less)`,
      ['request', 'req/s', 'other req/s', '× other', 'CPU µs', 'other CPU µs', '× other CPU'],
      rows,
    )
  } finally {
    await ours.stop()
    await theirs.stop()
  }
}

interface Round {
  perSecond: number
  /** Processor time of the server for one request, in microseconds. */
  cpu: number
}

async function oneRound({ url, pid }: Served, requests: (url: URL) => Buffer[]): Promise<Round> {
  const before = processorSeconds(pid)
  const load = { url, requests: requests(url), connections: CONNECTIONS, seconds: SECONDS, warmUpSeconds: 0 }
  const { perSecond, sent, failures } = await closedLoop(load)
  if (failures > 0) throw new Error(`${failures} requests to ${url.href} failed`)
  return { perSecond, cpu: ((processorSeconds(pid) - before) / sent) * 1e6 }
}

function row(name: string, rounds: { ours: Round; theirs: Round }[]): string[] {
  const of = (pick: (pair: { ours: Round; theirs: Round }) => number) =>
    figure(rounds.map(pick).toSorted((a, b) => a - b)[rounds.length >> 1] ?? Number.NaN)
  return [
    name,
    of(({ ours }) => ours.perSecond),
    of(({ theirs }) => theirs.perSecond),
    of(({ ours, theirs }) => ours.perSecond / theirs.perSecond),
    of(({ ours }) => ours.cpu),
    of(({ theirs }) => theirs.cpu),
    of(({ ours, theirs }) => ours.cpu / theirs.cpu),
  ]
}

async function serve(folder: string): Promise<Served> {
  const node = path.join(folder, 'node_modules/.bin/node')
  const child: ChildProcess = spawn(node, ['--input-type=module-typescript', '-e', SERVE], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  if (child.stdout === null) throw new Error('The other process has no output.')
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"url"')) continue
    const { url, pid } = JSON.parse(line) as { url: string; pid: number }
    return {
      url: new URL(url),
      pid,
      async stop() {
        child.stdin?.end()
        await ended
      },
    }
  }
  throw new Error(`The checkout ${folder} could not be started; it needs a build.`)
}

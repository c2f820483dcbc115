import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { LoadConnection } from './load/connection.ts'
import { closedLoop, type LoadResult } from './load/drive.ts'
import { request } from './load/request.ts'
import type { Product } from './product.ts'
import { CONNECTIONS, SCENARIOS, type Scenario } from './scenarios.ts'
import { figure, printTable, processorSeconds } from './stats.ts'

const SECONDS = 6
/** Throughput of the hot paths, next to both baselines under the same load. */
export async function benchClosedLoop({ url: product, pid }: Product): Promise<void> {
  const rows: string[][] = []
  for (const scenario of SCENARIOS) {
    const requests = scenario.requests(product)
    const bytes = await sizeOfAnswer(product, requests)
    const bare = await withBaseline('load/bare-server.ts', [String(bytes)], (url, child) =>
      run(url, scenario.requests(url), child),
    )
    const route = await withBaseline('next-baseline/serve.js', [], (url, child) =>
      run(url, noopRequests(url, requests), child),
    )
    const ours = await run(product, requests, pid)
    rows.push(row(scenario, ours, bare, route))
  }
  printTable(
    `Closed loop, ${CONNECTIONS} connections, ${SECONDS} s each`,
    [
      'request',
      'req/s',
      'p50 ms',
      'p99 ms',
      'failed',
      'bare req/s',
      '× bare',
      'promised',
      'route req/s',
      '× route',
      'promised',
      'CPU µs',
      '× bare CPU',
      '× route CPU',
    ],
    rows,
  )
}

function row({ name, promised }: Scenario, ours: Measured, bare: Measured, route: Measured): string[] {
  return [
    name,
    figure(ours.perSecond),
    figure(ours.p50),
    figure(ours.p99),
    String(ours.failures),
    figure(bare.perSecond),
    figure(ours.perSecond / bare.perSecond),
    `≥ ${promised.bare}`,
    figure(route.perSecond),
    figure(ours.perSecond / route.perSecond),
    promised.route === 0 ? '' : `≥ ${promised.route}`,
    figure(ours.cpu),
    figure(bare.cpu / ours.cpu),
    figure(route.cpu / ours.cpu),
  ]
}

interface Measured extends LoadResult {
  /** Processor time of the server for one request, all its threads together, in microseconds. */
  cpu: number
}

async function run(url: URL, requests: Buffer[], pid: number): Promise<Measured> {
  const before = processorSeconds(pid)
  const result = await closedLoop({
    url,
    requests,
    connections: CONNECTIONS,
    seconds: SECONDS,
    warmUpSeconds: 2,
  })
  return { ...result, cpu: ((processorSeconds(pid) - before) / result.sent) * 1e6 }
}

async function sizeOfAnswer(url: URL, requests: Buffer[]): Promise<number> {
  const connection = await LoadConnection.open(url)
  const [first] = requests
  if (first === undefined) throw new Error('a scenario without requests')
  const answer = await connection.send(first, true)
  connection.close()
  if (answer.status !== 200)
    throw new Error(`the product answered ${answer.status}: ${answer.body?.toString().slice(0, 300)}`)
  return answer.bytes
}

/** The same bodies, sent to the route that does nothing. */
function noopRequests(url: URL, requests: Buffer[]): Buffer[] {
  return requests.map((original) => {
    const body = original.toString().split('\r\n\r\n')[1] ?? ''
    return request(url, { method: 'POST', path: '/noop', body: JSON.parse(body) })
  })
}

async function withBaseline<T>(
  script: string,
  args: string[],
  work: (url: URL, pid: number) => Promise<T>,
): Promise<T> {
  const child = fork(path.join(import.meta.dirname, script), args, { execArgv: [] })
  try {
    return await work(new URL(`http://127.0.0.1:${await listening(child)}`), child.pid ?? 0)
  } finally {
    child.kill()
  }
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`a baseline ended with ${code}`)))
  })
}

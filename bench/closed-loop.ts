import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LoadConnection } from './load/connection.ts'
import { closedLoop, type LoadResult } from './load/drive.ts'
import { mcpRequest, request } from './load/request.ts'
import type { Product } from './product.ts'
import { SAMPLE, sampleArguments } from './sample-prompt.ts'
import { figure, printTable } from './table.ts'

const CONNECTIONS = 32
const SECONDS = 6
const VARIANTS = 500

interface Scenario {
  name: string
  /** Least ratio to the bare server and to the empty route that the project promises. */
  promised: { bare: number; route: number }
  requests(url: URL): Buffer[]
}

const SCENARIOS: Scenario[] = [
  {
    name: 'MCP prompts/get',
    promised: { bare: 0.2, route: 6 },
    requests: (url) =>
      variants((turn) =>
        mcpRequest(url, 'prompts/get', { name: nameOf(turn), arguments: sampleArguments(turn) }, turn),
      ),
  },
  {
    name: 'MCP tools/call render_prompt',
    promised: { bare: 0.2, route: 6 },
    requests: (url) =>
      variants((turn) =>
        mcpRequest(
          url,
          'tools/call',
          {
            name: 'render_prompt',
            arguments: { template_name: nameOf(turn), variables: sampleArguments(turn) },
          },
          turn,
        ),
      ),
  },
  {
    name: 'REST render',
    promised: { bare: 0.2, route: 6 },
    requests: (url) =>
      variants((turn) =>
        request(url, {
          method: 'POST',
          path: `/api/prompts/${nameOf(turn)}/render`,
          body: { variables: sampleArguments(turn) },
        }),
      ),
  },
  {
    name: 'MCP prompts/list, 100 a page',
    promised: { bare: 0.25, route: 0 },
    requests: (url) => variants((turn) => mcpRequest(url, 'prompts/list', {}, turn)),
  },
]

/** A few prompts among the many, as agents use them. */
function nameOf(turn: number): string {
  return `${SAMPLE.name}_${String((turn % 5) + 1).padStart(6, '0')}`
}

function variants(make: (turn: number) => Buffer): Buffer[] {
  return Array.from({ length: VARIANTS }, (_, turn) => make(turn))
}

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

/** User and system time of a process so far, as Linux tells it in hundredths of a second. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
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

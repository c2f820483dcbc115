import { performance } from 'node:perf_hooks'
import { getJson, sendJson } from './http.ts'
import { openLoop } from './load/drive.ts'
import { mcpRequest } from './load/request.ts'
import { SAMPLE, sampleArguments } from './sample-prompt.ts'
import { figure, printTable } from './stats.ts'

const RATE = 1000
const SECONDS = 20
/** Everything happens for so long before it counts: workers start, routes are loaded, code is compiled. */
const WARM_UP_SECONDS = 4
const LABEL_MOVES_PER_SECOND = 20
/** Sorts that one tag can hold the thread with, as the limits between tags cannot stop it. */
const HOSTILE = '{% for i in (1..1000) %}{% for j in (1..1000) %}{{ i | times: j }}{% endfor %}{% endfor %}'

/** Latency of prompts/get at a fixed rate while others write, read statistics and attack. */
export async function benchOpenLoop(product: URL): Promise<void> {
  const requests = Array.from({ length: 500 }, (_, turn) =>
    mcpRequest(
      product,
      'prompts/get',
      { name: `${SAMPLE.name}_00000${(turn % 5) + 1}`, arguments: sampleArguments(turn) },
      turn,
    ),
  )
  const disturbance = disturb(product)
  const load = { url: product, requests, connections: 64, rate: RATE }
  await openLoop({ ...load, seconds: WARM_UP_SECONDS })
  await eventLoopDelay(product)
  const result = await openLoop({ ...load, seconds: SECONDS })
  const delay = await eventLoopDelay(product)
  const counts = await disturbance.stop()
  printTable(
    `Open loop, ${RATE} prompts/get a second for ${SECONDS} s, beside ${counts.moves} label moves, ${counts.stats} statistics and ${counts.drafts} hostile drafts (${counts.refused} stopped)`,
    ['figure', 'measured', 'promised'],
    [
      ['p50 ms', figure(result.p50), ''],
      ['p99 ms', figure(result.p99), '< 10'],
      ['p99.9 ms', figure(result.p999), '< 50'],
      ['event-loop delay p99 ms', figure(delay * 1000), '< 20'],
      ['failed', String(result.failures), '0'],
    ],
  )
}

/** The delay since it was last asked for, in seconds. */
async function eventLoopDelay(product: URL): Promise<number> {
  const text = await (await fetch(new URL('/metrics', product))).text()
  const found = /incipit_event_loop_delay_seconds\{quantile="0\.99"\} (\S+)/.exec(text)?.[1]
  if (found === undefined) throw new Error('/metrics does not tell the event-loop delay')
  return Number(found)
}

interface Counts {
  moves: number
  stats: number
  drafts: number
  refused: number
}

/** Other people's work, going on until it is stopped. */
function disturb(product: URL): { stop(): Promise<Counts> } {
  const counts: Counts = { moves: 0, stats: 0, drafts: 0, refused: 0 }
  const stopping = new AbortController()
  const every = async (ms: number, work: () => Promise<void>) => {
    for (let due = performance.now(); !stopping.signal.aborted; due += ms) {
      await until(due)
      await work()
    }
  }
  const all = Promise.all([
    moveLabels(product, every, counts),
    every(1000, async () => {
      await getJson(product, '/api/stats')
      counts.stats += 1
    }),
    every(1000, async () => {
      const { status } = await sendJson(product, 'POST', '/api/render', { template_content: HOSTILE })
      counts.drafts += 1
      if (status !== 200) counts.refused += 1
    }),
  ])
  return {
    async stop() {
      stopping.abort()
      await all
      return counts
    },
  }
}

type Every = (ms: number, work: () => Promise<void>) => Promise<void>

/** Moves a label of one of twenty prompts, to and fro between two versions. */
async function moveLabels(product: URL, every: Every, counts: Counts): Promise<void> {
  let turn = 0
  await every(1000 / LABEL_MOVES_PER_SECOND, async () => {
    const name = `${SAMPLE.name}_0001${String((turn++ % 20) + 10)}`
    const prompt = await getJson(product, `/api/prompts/${name}`)
    const { status } = await sendJson(
      product,
      'PUT',
      `/api/prompts/${name}/labels/staging`,
      { version: 1 },
      { 'If-Match': String(prompt.etag) },
    )
    if (status >= 400) throw new Error(`moving a label answered ${status}`)
    counts.moves += 1
  })
}

function until(due: number): Promise<void> {
  const wait = due - performance.now()
  return new Promise((resolve) => {
    if (wait <= 0) setImmediate(resolve)
    else setTimeout(resolve, wait)
  })
}

import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { getJson, sendJson } from './http.ts'
import { LoadConnection } from './load/connection.ts'
import { closedLoop } from './load/drive.ts'
import { mcpRequest } from './load/request.ts'
import type { Product } from './product.ts'
import { SAMPLE, sampleArguments } from './sample-prompt.ts'
import { figure, printTable } from './stats.ts'

/** Until then the heap only grows: V8 collects all of it for the first time after some 400,000. */
const MEMORY_WARM_UP = 500_000
const MEMORY_REQUESTS = 1_000_000
const MEMORY_STEP = 100_000
const SUBSCRIBERS = 1000

/** Throughput of prompts/get for every prompt in turn, of a small and of a large registry. */
export async function throughputOver(product: URL, prompts: number): Promise<number> {
  const used = Math.min(prompts, 2000)
  const requests = Array.from({ length: used }, (_, turn) =>
    mcpRequest(product, 'prompts/get', { name: copyName(turn + 1), arguments: sampleArguments(turn) }, turn),
  )
  const { perSecond } = await closedLoop({
    url: product,
    requests,
    connections: 32,
    seconds: 5,
    warmUpSeconds: 2,
  })
  return perSecond
}

/** Resident memory over many requests, in megabytes, once the collector has been through everything. */
export async function benchMemory(product: Product): Promise<void> {
  const requests = Array.from({ length: 500 }, (_, turn) =>
    mcpRequest(
      product.url,
      'prompts/get',
      { name: copyName((turn % 50) + 1), arguments: sampleArguments(turn) },
      turn,
    ),
  )
  await sendMany(product.url, requests, MEMORY_WARM_UP)
  const rows: string[][] = []
  for (let sent = MEMORY_WARM_UP; sent <= MEMORY_REQUESTS; sent += MEMORY_STEP) {
    rows.push([figure(sent), figure(residentMegabytes(product.pid))])
    await sendMany(product.url, requests, MEMORY_STEP)
  }
  printTable('Memory of the app (flat is promised over 100,000 requests)', ['after requests', 'MB'], rows)
}

async function sendMany(url: URL, requests: Buffer[], count: number): Promise<void> {
  const connections = await Promise.all(Array.from({ length: 32 }, () => LoadConnection.open(url)))
  let sent = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (sent < count) {
        const next = requests[sent++ % requests.length]
        if (next !== undefined) await connection.send(next)
      }
      connection.close()
    }),
  )
}

function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** How long until a thousand open streams have heard of one change. */
export async function benchSubscribers(product: URL): Promise<void> {
  const streams = await Promise.all(Array.from({ length: SUBSCRIBERS }, () => openStream(product)))
  const start = performance.now()
  const heard = streams.map(async (stream) => {
    await stream.next()
    return performance.now() - start
  })
  const created = await sendJson(product, 'POST', '/api/prompts', {
    name: `heard_${Date.now()}`,
    template_content: 'New.',
  })
  if (created.status !== 201) throw new Error(`creating a prompt answered ${created.status}: ${created.text}`)
  const times = (await Promise.all(heard)).toSorted((a, b) => a - b)
  for (const stream of streams) stream.close()
  printTable(
    `${SUBSCRIBERS} subscribers told of a change`,
    ['', 'ms', 'promised'],
    [
      ['first', figure(times[0] ?? 0), ''],
      ['median', figure(times[times.length >> 1] ?? 0), ''],
      ['last', figure(times.at(-1) ?? 0), '< 1,000'],
    ],
  )
}

/** An SSE stream as a client of 2025-11-25 opens it; `next` resolves at its next notification. */
async function openStream(product: URL): Promise<{ next(): Promise<void>; close(): void }> {
  const abort = new AbortController()
  const response = await fetch(new URL('/api/mcp', product), {
    headers: { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' },
    signal: abort.signal,
  })
  if (!response.ok || response.body === null) throw new Error(`opening a stream answered ${response.status}`)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  return {
    async next() {
      for (let text = ''; !text.includes('list_changed'); ) {
        const { value, done } = await reader.read()
        if (done) throw new Error('a stream ended')
        text += value
      }
    },
    close: () => abort.abort(),
  }
}

/** The first render after a release: the label moves, and the very next call gets the new version. */
export async function benchFirstRender(product: URL): Promise<void> {
  const times: number[] = []
  const connection = await LoadConnection.open(product)
  for (let round = 0; round < 20; round++) {
    const name = copyName(3000 + round)
    const { etag } = await getJson(product, `/api/prompts/${name}`)
    const body = {
      template_content: `${SAMPLE.template_content}\nRelease ${round}.`,
      variables: SAMPLE.variables,
      labels: ['production'],
    }
    const saved = await sendJson(product, 'POST', `/api/prompts/${name}/versions`, body, {
      'If-Match': String(etag),
    })
    if (saved.status !== 201) throw new Error(`saving a version answered ${saved.status}: ${saved.text}`)
    const start = performance.now()
    const answer = await connection.send(
      mcpRequest(product, 'prompts/get', { name, arguments: sampleArguments(round) }),
      true,
    )
    times.push(performance.now() - start)
    if (!answer.body?.includes(`Release ${round}.`))
      throw new Error('the render after a release was an old one')
  }
  connection.close()
  times.sort((a, b) => a - b)
  printTable(
    'First render after a release',
    ['', 'ms', 'promised'],
    [
      ['median', figure(times[times.length >> 1] ?? 0), ''],
      ['worst of 20', figure(times.at(-1) ?? 0), '< 20'],
    ],
  )
}

function copyName(n: number): string {
  return `${SAMPLE.name}_${String(n).padStart(6, '0')}`
}

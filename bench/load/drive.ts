import { performance } from 'node:perf_hooks'
import { type Answer, LoadConnection } from './connection.ts'

/** What a run of load came to. Times in milliseconds. */
export interface LoadResult {
  requests: number
  /** All requests, those before the clock ran included. */
  sent: number
  perSecond: number
  p50: number
  p95: number
  p99: number
  p999: number
  failures: number
}

export interface Load {
  url: URL
  /** Ready requests, sent in turn. */
  requests: Buffer[]
  connections: number
  seconds: number
  /** Seconds before the clock runs, for compilers and caches. */
  warmUpSeconds?: number
}

/** Every connection sends its next request as soon as it has the answer to the one before. */
export async function closedLoop({
  url,
  requests,
  connections,
  seconds,
  warmUpSeconds = 1,
}: Load): Promise<LoadResult> {
  const open = await openAll(url, connections)
  const warmEnd = performance.now() + warmUpSeconds * 1000
  const end = warmEnd + seconds * 1000
  const latencies: number[] = []
  let failures = 0
  let turn = 0
  await Promise.all(
    open.map(async (connection) => {
      for (let now = performance.now(); now < end; ) {
        const { status } = await connection.send(pick(requests, turn++))
        const answered = performance.now()
        if (now >= warmEnd) {
          latencies.push(answered - now)
          if (status !== 200) failures += 1
        }
        now = answered
      }
    }),
  )
  for (const connection of open) connection.close()
  return summary(latencies, seconds, failures, turn)
}

/**
 * Requests leave at a fixed rate whether answers come or not; latency counts from the moment a request
 * was due, so a stall of the server is charged to every request that it held up.
 */
export async function openLoop({
  url,
  requests,
  connections,
  seconds,
  rate,
}: Load & { rate: number }): Promise<LoadResult> {
  const idle = await openAll(url, connections)
  const all = [...idle]
  const due: { at: number; request: Buffer }[] = []
  const latencies: number[] = []
  const total = Math.round(rate * seconds)
  let failures = 0
  let finished = 0
  await new Promise<void>((resolve, reject) => {
    const start = performance.now()
    let sent = 0
    const pump = () => {
      const now = performance.now()
      for (; sent < total && start + (sent * 1000) / rate <= now; sent++)
        due.push({ at: start + (sent * 1000) / rate, request: pick(requests, sent) })
      while (idle.length > 0 && due.length > 0) dispatch(idle.shift(), due.shift())
      // Sleeps between requests: a driver that spins would take a core from what it measures.
      if (sent < total) setTimeout(pump, 1)
    }
    // In turn: the server closes a connection on which nothing was ever asked.
    const dispatch = (
      connection: LoadConnection | undefined,
      next: { at: number; request: Buffer } | undefined,
    ) => {
      if (connection === undefined || next === undefined) return
      const answered = ({ status }: Answer) => {
        latencies.push(performance.now() - next.at)
        if (status !== 200) failures += 1
        finished += 1
        idle.push(connection)
        if (finished === total) resolve()
        else if (due.length > 0) dispatch(idle.shift(), due.shift())
      }
      void connection.send(next.request).then(answered, reject)
    }
    pump()
  })
  for (const connection of all) connection.close()
  return summary(latencies, seconds, failures, total)
}

function openAll(url: URL, connections: number): Promise<LoadConnection[]> {
  return Promise.all(Array.from({ length: connections }, () => LoadConnection.open(url)))
}

function pick(requests: Buffer[], turn: number): Buffer {
  const request = requests[turn % requests.length]
  if (request === undefined) throw new Error('no requests to send')
  return request
}

function summary(latencies: number[], seconds: number, failures: number, sent: number): LoadResult {
  const sorted = Float64Array.from(latencies).sort()
  const at = (fraction: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0
  return {
    requests: sorted.length,
    sent,
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    failures,
  }
}

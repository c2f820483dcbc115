import { addGauge, mirrorCounts } from './metrics.ts'
import { getRuntime } from './runtime.ts'

/** A cache as /metrics shows it. */
export interface ShownCache {
  /** Asked for, and found. */
  readonly hits: number
  /** Asked for, and read. */
  readonly misses: number
  /** Entries. */
  readonly size: number
  /** Rough bytes, where they are what bounds it. */
  readonly bytes?: number | undefined
}

/** Streams that stay open for somebody who listens. */
export type StreamKind = 'changes' | 'generation' | 'mcp'

interface Held {
  readonly caches: Map<string, ShownCache>
  readonly streams: Map<StreamKind, () => number>
}

function held(): Held {
  return getRuntime().once('metrics.held', () => ({
    caches: new Map(),
    streams: new Map<StreamKind, () => number>([
      ['changes', () => 0],
      ['generation', () => 0],
      ['mcp', () => 0],
    ]),
  }))
}

/** Shows a cache in /metrics from now on. */
export function showCache(name: string, cache: ShownCache): void {
  held().caches.set(name, cache)
}

/** The caches that were used, by name. */
export function shownCaches(): [string, ShownCache][] {
  return [...held().caches].toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** Shows how many streams of a kind are open. */
export function showStreams(kind: StreamKind, open: () => number): void {
  held().streams.set(kind, open)
}

/** Adds what this process holds for its callers to /metrics: caches and open streams. */
export function addHeldMetrics(): void {
  const cached = (pick: (cache: ShownCache) => number) => () =>
    Array.from(held().caches, ([name, cache]): [string, number] => [name, pick(cache)])
  const labelNames = ['cache']
  mirrorCounts(
    { name: 'incipit_cache_hits_total', help: 'What was asked of a cache and was there', labelNames },
    cached(({ hits }) => hits),
  )
  mirrorCounts(
    {
      name: 'incipit_cache_misses_total',
      help: 'What was asked of a cache and had to be read',
      labelNames,
    },
    cached(({ misses }) => misses),
  )
  addGauge({
    name: 'incipit_cache_entries',
    help: 'Entries of a cache',
    labelNames,
    collect() {
      for (const [cache, { size }] of held().caches) this.set({ cache }, size)
    },
  })
  addGauge({
    name: 'incipit_cache_bytes',
    help: 'Rough bytes of a cache that memory bounds',
    labelNames,
    collect() {
      for (const [cache, { bytes }] of held().caches) if (bytes !== undefined) this.set({ cache }, bytes)
    },
  })
  addGauge({
    name: 'incipit_streams',
    help: 'Open streams: pages that hear of changes, followers of generations, MCP notifications',
    labelNames: ['kind'],
    collect() {
      for (const [kind, open] of held().streams) this.set({ kind }, open())
    },
  })
  addNamesOfBefore()
}

/** Names that 0.1.0 had, for dashboards that ask for them. */
function addNamesOfBefore(): void {
  addGauge({
    name: 'incipit_cached',
    help: 'As incipit_cache_entries of prompts; the name of before 0.2.0',
    labelNames: ['what'],
    collect() {
      for (const what of ['resolutions', 'versions'])
        this.set({ what }, held().caches.get(`prompts.${what}`)?.size ?? 0)
    },
  })
  for (const [name, kind] of STREAMS_OF_BEFORE)
    addGauge({
      name,
      help: `As incipit_streams of the kind ${kind}; the name of before 0.2.0`,
      labelNames: [],
      collect() {
        this.set(held().streams.get(kind)?.() ?? 0)
      },
    })
}

const STREAMS_OF_BEFORE: readonly [string, StreamKind][] = [
  ['incipit_change_streams', 'changes'],
  ['incipit_generation_streams', 'generation'],
  ['incipit_mcp_subscriptions', 'mcp'],
]

import type { Generation, GenerationSummary } from '#lib/generations/schema.ts'

/** A stretch of the time that a generation took. */
export interface Stretch {
  kind: 'queue' | 'wait' | 'attempt'
  /** Of the attempt; of a wait, the one that came after it. */
  attempt: number
  /** Milliseconds since it was asked for. */
  from: number
  ms: number
}

type Timed = Pick<Generation, 'created_at' | 'finished_at' | 'attempts'>

/** The stretches of a generation's time: the queue, its attempts, and the waits between them. */
export function stretchesOf({ created_at: created, finished_at: finished, attempts }: Timed): Stretch[] {
  const began = Date.parse(created)
  const stretches: Stretch[] = []
  let until = 0
  for (const { attempt, started_at: started, finished_at: ended, latency_ms: latency } of attempts) {
    const from = Math.max(until, Date.parse(started) - began)
    const end = ended === null ? Date.parse(finished ?? started) - began : Date.parse(ended) - began
    const kind = stretches.length === 0 ? 'queue' : 'wait'
    if (from > until || kind === 'queue') stretches.push({ kind, attempt, from: until, ms: from - until })
    const ms = Math.max(0, latency ?? 0, end - from)
    stretches.push({ kind: 'attempt', attempt, from, ms })
    until = from + ms
  }
  return stretches
}

/** Milliseconds from the request to the end; null while it goes on. */
export function totalMs({
  created_at: created,
  finished_at: finished,
}: Omit<Timed, 'attempts'>): number | null {
  return finished === null ? null : Math.max(0, Date.parse(finished) - Date.parse(created))
}

/** Milliseconds in the queue; null before its turn. */
export function queueMs({
  created_at: created,
  started_at: started,
}: Pick<Generation, 'created_at' | 'started_at'>) {
  return started === null ? null : Math.max(0, Date.parse(started) - Date.parse(created))
}

/** How fast the text came after its beginning; null where that cannot be told. */
export function tokensPerSecond({
  output_tokens: tokens,
  latency_ms: latency,
  first_token_ms: first,
}: Pick<Generation, 'output_tokens' | 'latency_ms' | 'first_token_ms'>): number | null {
  if (tokens === null || latency === null || first === null || latency <= first) return null
  return tokens / ((latency - first) / 1_000)
}

/** The usual figures of a configuration: the medians of its last answers. */
export interface Usual {
  firstTokenMs: number | null
  tokensPerSecond: number | null
  queueMs: number | null
  latencyMs: number | null
}

/** Fewer tell nothing. */
const LEAST_KNOWN = 3

/** The usual of other generations; undefined when too few are known. */
export function usualOf(others: readonly GenerationSummary[]): Usual | undefined {
  if (others.length < LEAST_KNOWN) return undefined
  return {
    firstTokenMs: middle(others.map(({ first_token_ms: ms }) => ms)),
    tokensPerSecond: middle(others.map(tokensPerSecond)),
    queueMs: middle(others.map(queueMs)),
    latencyMs: middle(others.map(({ latency_ms: ms }) => ms)),
  }
}

function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).toSorted((one, other) => one - other)
  return known[Math.floor(known.length / 2)] ?? null
}

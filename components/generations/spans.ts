import type { Generation, GenerationWait } from '#lib/generations/schema.ts'

/** What a part of the time went by with. */
export type StretchKind =
  /** Until a run took it: others were before it, or the work was done elsewhere. */
  | 'queue'
  /** It was rendered, and the call prepared. */
  | 'prepare'
  | GenerationWait['kind']
  /** Between an attempt that failed and the next configuration of its chain. */
  | 'fallback'
  /** Between two attempts, where nothing more is on record. */
  | 'wait'
  | 'attempt'
  /** From the last attempt to the end. */
  | 'finish'

/** A stretch of the time that a generation took. */
export interface Stretch {
  kind: StretchKind
  /** Of the attempt; of what is between two, the one that came after it. */
  attempt: number
  /** Milliseconds since it was asked for. */
  from: number
  ms: number
  /** Of an attempt: until its first token. */
  firstTokenMs?: number | null
  /** Its configuration. */
  configuration?: string | null
}

export type Timed = Pick<Generation, 'created_at' | 'finished_at' | 'attempts' | 'taken_at' | 'waits'>

/** Shorter gaps are the work of moving on. */
const LEAST_GAP_MS = 5

/** The stretches of a generation's time, one after the other: the queue, the waits, each attempt, the end. */
export function stretchesOf(generation: Timed): Stretch[] {
  const { finished_at: finished, attempts } = generation
  const since = (at: string) => Date.parse(at) - Date.parse(generation.created_at)
  const stretches: Stretch[] = []
  let until = 0
  for (const [
    index,
    { attempt, started_at, finished_at, latency_ms: latency, ...facts },
  ] of attempts.entries()) {
    if (facts.status === 'waiting') break
    const from = Math.max(until, since(started_at))
    stretches.push(...between(generation, { from: until, to: from, index }))
    const end = finished_at ?? finished
    const ms = Math.max(0, latency ?? 0, end === null ? 0 : since(end) - from)
    const { first_token_ms: firstTokenMs, configuration } = facts
    stretches.push({ kind: 'attempt', attempt, from, ms, firstTokenMs, configuration })
    until = from + ms
  }
  const end = finished === null ? until : since(finished)
  if (attempts.every(({ status }) => status === 'waiting'))
    stretches.push(...between(generation, { from: 0, to: end, index: 0 }))
  else if (end - until >= LEAST_GAP_MS)
    stretches.push({ kind: 'finish', attempt: attempts.length, from: until, ms: end - until })
  return stretches
}

interface Gap {
  from: number
  to: number
  /** The place of the attempt after it. */
  index: number
}

/** What there was before an attempt. */
function between(generation: Timed, { from, to, index }: Gap): Stretch[] {
  const { attempts, taken_at: taken, waits } = generation
  const since = (at: string) => Date.parse(at) - Date.parse(generation.created_at)
  const [before, next] = [attempts[index - 1], attempts[index]]
  const attempt = next?.attempt ?? index + 1
  // Each part lasts until the next begins.
  const starts: { kind: StretchKind; at: number; configuration?: string | null }[] = []
  if (before === undefined) {
    starts.push({ kind: 'queue', at: 0 })
    if (taken !== null) starts.push({ kind: 'prepare', at: since(taken) })
  } else {
    const isFallback = next !== undefined && before.configuration !== next.configuration
    starts.push({ kind: isFallback ? 'fallback' : 'wait', at: from })
  }
  for (const wait of waits.filter(({ after_attempt: number }) => number === (before?.attempt ?? 0)))
    starts.push({ kind: wait.kind, at: since(wait.at), configuration: wait.configuration })
  const parts = starts.map(({ kind, at, configuration }, place) => {
    const begin = Math.min(to, Math.max(from, at))
    const end = Math.min(to, Math.max(begin, starts[place + 1]?.at ?? to))
    return { kind, attempt, from: begin, ms: end - begin, configuration: configuration ?? null }
  })
  return parts.filter(({ kind, ms }) => kind === 'queue' || ms >= LEAST_GAP_MS)
}

/** Milliseconds from the request to the end; null while it goes on. */
export function totalMs({
  created_at: created,
  finished_at: finished,
}: Pick<Timed, 'created_at' | 'finished_at'>): number | null {
  return finished === null ? null : Math.max(0, Date.parse(finished) - Date.parse(created))
}

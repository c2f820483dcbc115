import { LRUCache } from 'lru-cache'
import type { Actor } from '../../access/actor.ts'
import type { Config } from '../../config/schema.ts'
import type { ErrorCode, ErrorDetail } from '../../errors.ts'
import { mirrorCounts } from '../../metrics.ts'
import { getRuntime } from '../../runtime.ts'
import { cutText, mendText } from '../../text.ts'
import { bucketOf } from '../histogram.ts'
import { DailyNames } from './daily-names.ts'
import { reasonsOf } from './reasons.ts'
import { keptValues } from './refused-values.ts'

/** One use of the registry: a prompt read, a prompt rendered, or a tool called. */
export interface UsageEvent {
  operation: 'get' | 'render' | 'tool'
  /** Name of the MCP tool, for operation `tool`. */
  tool?: string | undefined
  /** Id of the prompt, when one was found. */
  prompt_id?: string | undefined
  version?: number | undefined
  label?: string | null | undefined
  outcome: 'ok' | ErrorCode
  /** Of the error that it failed with. */
  details?: readonly ErrorDetail[] | undefined
  /** What no prompt or version was found by: "name", "name@label" or "name@3". */
  asked?: string | undefined
  /** Names of the declared variables that a render was given, sorted, with commas between them. */
  variables?: string | undefined
  /** What a render was given. It is kept of one that was refused alone, and where `logging.refused_values` is on. */
  values?: Readonly<Record<string, unknown>> | undefined
  /** Microseconds from the operation's start to its answer. */
  duration_us: number
}

/**
 * Counts one use. It never throws and never waits: the event joins a bounded buffer that is written in
 * batches, so recording adds about a microsecond to the answer. A full buffer drops the event and counts it.
 * A read by a page is no use. It has a count of its own, so that a client that poses as a page stays visible.
 */
export function recordUsage(actor: Actor, event: UsageEvent): void {
  usageBuffer().add(actor, event)
}

/** An event as it waits, with the names of its columns. Its id is made when it is first written. */
export interface PendingUsage {
  id?: string
  occurred_at: number
  workspace_id: string
  actor_id: string
  prompt_id: string | null
  version_number: number | null
  label: string | null
  operation: UsageEvent['operation']
  tool: string | null
  surface: Actor['request']['surface']
  client_name: string | null
  client_version: string | null
  outcome: string
  /** JSON of the reasons of a use that failed. */
  reasons: string | null
  asked: string | null
  variables: string | null
  /** JSON of the values of a refused render. */
  refused_values: string | null
  /** Of a use that failed. */
  request_id: string | null
  duration_us: number
  bucket: number
}

type Failure = Pick<PendingUsage, 'reasons' | 'asked' | 'refused_values' | 'request_id'>

/** Why an event is lost: `buffer_full`, there was no room for it; `refused`, the database cannot take it. */
export type DropReason = 'buffer_full' | 'refused'

/** A client may call itself anything; past this many names of a workspace the roll-ups say "other". */
const CLIENT_NAMES_MAX = 500
const NAME_LENGTH_MAX = 80
/** A name and a label of 64 characters each. */
const ASKED_LENGTH_MAX = 129
const REQUEST_ID_LENGTH_MAX = 200
/** Workspaces whose names of clients are remembered. */
const WORKSPACES_MAX = 1000
const DURATION_MAX_US = 2 ** 31 - 1

/** The buffer of this process. */
export function usageBuffer(): UsageBuffer {
  return getRuntime().once(
    'usage.buffer',
    ({ config }) => new UsageBuffer(config.limits.usage_buffer, config),
  )
}

/** What bounds and allows what is kept of a use. */
type KeptBounds = {
  readonly limits: Pick<Config['limits'], 'usage_names'>
  readonly logging: Pick<Config['logging'], 'refused_values' | 'refused_value_length'>
}

/** A bounded buffer of uses that wait to be written. A full one makes room in the workspace with the most. */
export class UsageBuffer {
  readonly #capacity: number
  readonly #clientNames = new LRUCache<string, Set<string>>({ max: WORKSPACES_MAX })
  /** How many events of each workspace wait. */
  readonly #shares = new Map<string, number>()
  readonly #counts = new Map<string, number>()
  readonly #drops = new Map<DropReason, number>([
    ['buffer_full', 0],
    ['refused', 0],
  ])
  readonly #logging: KeptBounds['logging']
  readonly #unknown: DailyNames
  readonly #asked: DailyNames
  #waiting: PendingUsage[] = []
  #pageReads = 0

  constructor(capacity: number, { limits, logging }: KeptBounds) {
    this.#capacity = capacity
    this.#logging = logging
    this.#unknown = new DailyNames(limits.usage_names)
    this.#asked = new DailyNames(limits.usage_names)
  }

  get size(): number {
    return this.#waiting.length
  }

  /** Events lost since the start of the process, by reason, for /metrics. */
  get drops(): ReadonlyMap<DropReason, number> {
    return this.#drops
  }

  /** All lost events together. */
  get dropped(): number {
    return [...this.#drops.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Reads of pages since the start of the process. They are no uses and are not written. */
  get pageReads(): number {
    return this.#pageReads
  }

  /** Events recorded since the start of the process, by operation, surface and outcome, for /metrics. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  add(actor: Actor, event: UsageEvent): void {
    const { surface } = actor.request
    const key = `${event.operation} ${surface} ${event.outcome}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    if (surface === 'browser') {
      this.#pageReads += 1
      return
    }
    if (!this.#hasRoomFor(actor.workspaceId)) return
    this.#changeShare(actor.workspaceId, 1)
    this.#waiting.push(this.#pending(actor, event))
  }

  /** Takes up to `max` events out, oldest first. */
  take(max: number): PendingUsage[] {
    const taken = this.#waiting.slice(0, max)
    this.#waiting = this.#waiting.slice(max)
    for (const event of taken) this.#changeShare(event.workspace_id, -1)
    return taken
  }

  /** Counts an event that is lost. */
  drop(reason: DropReason): void {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1)
  }

  #pending(actor: Actor, event: UsageEvent): PendingUsage {
    const { request } = actor
    const duration = Math.min(DURATION_MAX_US, Math.max(0, Math.round(event.duration_us)))
    const pending: PendingUsage = {
      occurred_at: Date.now(),
      workspace_id: actor.workspaceId,
      actor_id: actor.id,
      prompt_id: event.prompt_id ?? null,
      version_number: event.version ?? null,
      label: event.label ?? null,
      operation: event.operation,
      tool: event.tool ?? null,
      surface: request.surface,
      client_name: this.clientName(actor),
      client_version: request.client?.version === undefined ? null : shortName(request.client.version),
      outcome: event.outcome,
      reasons: null,
      asked: null,
      variables: event.variables ?? null,
      refused_values: null,
      request_id: null,
      duration_us: duration,
      bucket: bucketOf(duration),
    }
    return event.outcome === 'ok' ? pending : { ...pending, ...this.#failure(actor, event, event.outcome) }
  }

  /** What is kept of a use that failed; an ordinary use pays nothing for it. */
  #failure({ workspaceId, request }: Actor, event: UsageEvent, outcome: ErrorCode): Failure {
    const prompt = event.prompt_id ?? workspaceId
    const reasons = reasonsOf(outcome, event.details ?? [], (name) => this.#unknown.admits(prompt, name))
    const asked = event.asked === undefined ? undefined : mendText(cutText(event.asked, ASKED_LENGTH_MAX))
    return {
      reasons: JSON.stringify(
        reasons.map(({ code, variable }) => (variable === null ? { code } : { code, variable })),
      ),
      asked: asked !== undefined && this.#asked.admits(workspaceId, asked) ? asked : null,
      refused_values: event.values === undefined ? null : keptValues(event.values, this.#logging),
      request_id: mendText(cutText(request.id, REQUEST_ID_LENGTH_MAX)),
    }
  }

  /** The name that the client of a request gives itself, as sums keep it; null: none. */
  clientName({ workspaceId, request: { client } }: Actor): string | null {
    if (client === undefined || client.name === '') return null
    const short = shortName(client.name)
    if (short === '') return null
    const names = this.#clientNames.get(workspaceId) ?? new Set()
    if (names.has(short)) return short
    if (names.size >= CLIENT_NAMES_MAX) return 'other'
    this.#clientNames.set(workspaceId, names.add(short))
    return short
  }

  #changeShare(workspaceId: string, change: 1 | -1): void {
    const share = (this.#shares.get(workspaceId) ?? 0) + change
    if (share === 0) this.#shares.delete(workspaceId)
    else this.#shares.set(workspaceId, share)
  }

  /** Drops an event of the largest workspace where the buffer is full; false: that is this workspace. */
  #hasRoomFor(workspaceId: string): boolean {
    if (this.#waiting.length < this.#capacity) return true
    this.drop('buffer_full')
    let [largest, most] = [workspaceId, (this.#shares.get(workspaceId) ?? 0) + 1]
    for (const [other, share] of this.#shares) if (share > most) [largest, most] = [other, share]
    if (largest === workspaceId) return false
    const newest = this.#waiting.findLastIndex((event) => event.workspace_id === largest)
    this.#waiting.splice(newest, 1)
    this.#changeShare(largest, -1)
    return true
  }
}

/** A name that a client gave itself, fit to be stored. */
/** Turns the text around a name the other way: who stands beside it would be read as another one. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g

function shortName(name: string): string {
  return mendText(cutText(name.replaceAll(TURNS, ''), NAME_LENGTH_MAX))
}

/** Adds what the usage buffer counts to /metrics; called once at the start. */
export function addUsageMetrics(): void {
  const buffer = usageBuffer()
  mirrorCounts(
    {
      name: 'incipit_uses_total',
      help: 'Gets, renders and tool calls by way and outcome; those by pages (surface "browser") are no uses',
      labelNames: ['operation', 'surface', 'outcome'],
    },
    () => buffer.counts,
  )
  mirrorCounts(
    {
      name: 'incipit_usage_dropped_total',
      help: 'Usage events lost, by reason: buffer_full (no room), refused (the database cannot take them)',
      labelNames: ['reason'],
    },
    () => buffer.drops,
  )
}

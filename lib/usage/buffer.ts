import type { Actor } from '../access/actor.ts'
import { getRuntime } from '../runtime.ts'
import { bucketOf } from './histogram.ts'
import type { UsageEvent } from './record.ts'

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
  duration_us: number
  bucket: number
}

export interface UsageBuffer {
  add(actor: Actor, event: UsageEvent): void
  /** Takes up to `max` events out, oldest first. */
  take(max: number): PendingUsage[]
  readonly size: number
  /** Events that did not fit since the start of the process. */
  readonly dropped: number
  /** Events recorded since the start of the process, by operation, surface and outcome, for /metrics. */
  readonly counts: ReadonlyMap<string, number>
}

/** A client may call itself anything; past this many names the roll-ups say "other". */
const CLIENT_NAMES_MAX = 500
const NAME_LENGTH_MAX = 80
const DURATION_MAX_US = 2 ** 31 - 1

/** The buffer of this process. */
export function usageBuffer(): UsageBuffer {
  return getRuntime().once('usage.buffer', ({ config }) => createUsageBuffer(config.limits.usage_buffer))
}

export function createUsageBuffer(capacity: number): UsageBuffer {
  let waiting: PendingUsage[] = []
  let dropped = 0
  const clientNames = new Set<string>()
  const counts = new Map<string, number>()

  function clientName(name: string | undefined): string | null {
    if (name === undefined || name === '') return null
    const short = name.length > NAME_LENGTH_MAX ? name.slice(0, NAME_LENGTH_MAX) : name
    if (clientNames.has(short)) return short
    if (clientNames.size >= CLIENT_NAMES_MAX) return 'other'
    clientNames.add(short)
    return short
  }

  return {
    add(actor, event) {
      const { request } = actor
      const key = `${event.operation} ${request.surface} ${event.outcome}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (waiting.length >= capacity) {
        dropped += 1
        return
      }
      const duration = Math.min(DURATION_MAX_US, Math.max(0, Math.round(event.duration_us)))
      waiting.push({
        occurred_at: Date.now(),
        workspace_id: actor.workspaceId,
        actor_id: actor.id,
        prompt_id: event.prompt_id ?? null,
        version_number: event.version ?? null,
        label: event.label ?? null,
        operation: event.operation,
        tool: event.tool ?? null,
        surface: request.surface,
        client_name: clientName(request.client?.name),
        client_version: request.client?.version?.slice(0, NAME_LENGTH_MAX) ?? null,
        outcome: event.outcome,
        duration_us: duration,
        bucket: bucketOf(duration),
      })
    },
    take(max) {
      const taken = waiting.slice(0, max)
      waiting = waiting.slice(max)
      return taken
    },
    get size() {
      return waiting.length
    },
    get dropped() {
      return dropped
    },
    counts,
  }
}

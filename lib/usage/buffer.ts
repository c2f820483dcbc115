import type { Actor } from '../access/actor.ts'
import { getRuntime } from '../runtime.ts'
import { cutText, mendText } from '../text.ts'
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
  /** Notes an event that is lost. */
  drop(reason: DropReason): void
  /** Events lost since the start of the process, by reason, for /metrics. */
  readonly drops: ReadonlyMap<DropReason, number>
  /** All of them together. */
  readonly dropped: number
  /** Reads of pages since the start of the process: they are no use and go no further. */
  readonly pageReads: number
  /** Events recorded since the start of the process, by operation, surface and outcome, for /metrics. */
  readonly counts: ReadonlyMap<string, number>
}

/** Why an event is lost: `buffer_full`, there was no room for it; `refused`, the database cannot take it. */
export type DropReason = 'buffer_full' | 'refused'

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
  const drops = new Map<DropReason, number>([
    ['buffer_full', 0],
    ['refused', 0],
  ])
  const clientNames = new Set<string>()
  const counts = new Map<string, number>()
  let pageReads = 0

  function clientName(name: string | undefined): string | null {
    if (name === undefined || name === '') return null
    const short = shortName(name)
    if (clientNames.has(short)) return short
    if (clientNames.size >= CLIENT_NAMES_MAX) return 'other'
    clientNames.add(short)
    return short
  }

  function drop(reason: DropReason): void {
    drops.set(reason, (drops.get(reason) ?? 0) + 1)
  }

  return {
    add(actor, event) {
      const { request } = actor
      const key = `${event.operation} ${request.surface} ${event.outcome}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (request.surface === 'browser') {
        pageReads += 1
        return
      }
      if (waiting.length >= capacity) {
        drop('buffer_full')
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
        client_version: request.client?.version === undefined ? null : shortName(request.client.version),
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
    drop,
    drops,
    get dropped() {
      return [...drops.values()].reduce((sum, count) => sum + count, 0)
    },
    get pageReads() {
      return pageReads
    },
    counts,
  }
}

/** A name that a client gave itself, fit to be stored. */
function shortName(name: string): string {
  return mendText(cutText(name, NAME_LENGTH_MAX))
}

import { LRUCache } from 'lru-cache'
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

/** A client may call itself anything; past this many names of a workspace the roll-ups say "other". */
const CLIENT_NAMES_MAX = 500
const NAME_LENGTH_MAX = 80
/** Workspaces whose names of clients are remembered. */
const WORKSPACES_MAX = 1000
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
  const clientNames = new LRUCache<string, Set<string>>({ max: WORKSPACES_MAX })
  /** How many wait of each workspace. */
  const shares = new Map<string, number>()
  const counts = new Map<string, number>()
  let pageReads = 0

  function clientName({ workspaceId, request: { client } }: Actor): string | null {
    if (client === undefined || client.name === '') return null
    const short = shortName(client.name)
    const names = clientNames.get(workspaceId) ?? new Set()
    if (names.has(short)) return short
    if (names.size >= CLIENT_NAMES_MAX) return 'other'
    clientNames.set(workspaceId, names.add(short))
    return short
  }

  function count(workspaceId: string, change: 1 | -1): void {
    const share = (shares.get(workspaceId) ?? 0) + change
    if (share === 0) shares.delete(workspaceId)
    else shares.set(workspaceId, share)
  }

  /** A full buffer makes room at the cost of the workspace that has the most in it; false: that is this one. */
  function hasRoomFor(workspaceId: string): boolean {
    if (waiting.length < capacity) return true
    drop('buffer_full')
    let [largest, most] = [workspaceId, (shares.get(workspaceId) ?? 0) + 1]
    for (const [other, share] of shares) if (share > most) [largest, most] = [other, share]
    if (largest === workspaceId) return false
    waiting.splice(
      waiting.findLastIndex((event) => event.workspace_id === largest),
      1,
    )
    count(largest, -1)
    return true
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
      if (!hasRoomFor(actor.workspaceId)) return
      count(actor.workspaceId, 1)
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
        client_name: clientName(actor),
        client_version: request.client?.version === undefined ? null : shortName(request.client.version),
        outcome: event.outcome,
        duration_us: duration,
        bucket: bucketOf(duration),
      })
    },
    take(max) {
      const taken = waiting.slice(0, max)
      waiting = waiting.slice(max)
      for (const event of taken) count(event.workspace_id, -1)
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

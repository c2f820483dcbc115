import type { Actor } from '../access/actor.ts'
import type { ErrorCode } from '../errors.ts'
import { usageBuffer } from './buffer.ts'

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
  /** Microseconds from the operation's start to its answer. */
  duration_us: number
}

/**
 * Counts one use. Never throws and never waits: the event joins a bounded buffer that is written in
 * batches, so recording costs the answer about a microsecond. A full buffer drops the event and counts it.
 * What pages read is no use: it is only counted, apart, so that nobody can hide behind that unseen.
 */
export function recordUsage(actor: Actor, event: UsageEvent): void {
  usageBuffer().add(actor, event)
}

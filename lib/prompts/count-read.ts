import type { Actor } from '../access/actor.ts'
import { isAppError } from '../errors.ts'
import { recordUsage } from '../usage/buffer.ts'
import type { ResolvedVersion } from './cache/prompt-cache.ts'

/**
 * How a read is counted in the usage figures. REST leaves it out; MCP's prompts/get counts as `get`, a
 * tool call as `tool` with the tool's name, so that one call is counted once, under what the agent did.
 */
export interface Counting {
  operation: 'get' | 'render' | 'tool'
  tool?: string
}

/** Pages that show a prompt to people are no use of it: they read it without being counted. */
export const UNCOUNTED = 'uncounted'

/** Counts one read of a prompt; `found` is undefined when none was found. */
export function countRead(
  actor: Actor,
  counting: Counting | typeof UNCOUNTED,
  outcome: { found: ResolvedVersion | undefined; startedAt: number; error?: unknown },
): void {
  if (counting === UNCOUNTED) return
  const { found, startedAt, error } = outcome
  recordUsage(actor, {
    operation: counting.operation,
    tool: counting.tool,
    prompt_id: found?.resolution.prompt.id,
    version: found?.version.stored.version,
    label: found?.resolution.label,
    outcome: error === undefined ? 'ok' : isAppError(error) ? error.code : 'internal',
    duration_us: Math.round((performance.now() - startedAt) * 1000),
  })
}

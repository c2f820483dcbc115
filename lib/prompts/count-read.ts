import type { Actor } from '../access/actor.ts'
import { type AppError, isAppError } from '../errors.ts'
import { recordUsage } from '../usage/recording/record.ts'
import type { VersionChoice } from './cache/find-version.ts'
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

/** What a read was asked for, and how it ended. */
export interface CountedRead {
  asked: VersionChoice & { name: string }
  /** undefined: none was found. */
  found: ResolvedVersion | undefined
  /** What a render was given; undefined: nothing was rendered. */
  given?: Readonly<Record<string, unknown>> | undefined
  /** As performance.now() says. */
  startedAt: number
  error?: unknown
}

/** Counts one read of a prompt, with the reasons of one that failed. */
export function countRead(actor: Actor, counting: Counting | typeof UNCOUNTED, read: CountedRead): void {
  if (counting === UNCOUNTED) return
  const { asked, found, given, startedAt, error } = read
  const isOk = error === undefined
  const known = isAppError(error) ? error : undefined
  recordUsage(actor, {
    operation: counting.operation,
    tool: counting.tool,
    prompt_id: found?.resolution.prompt.id,
    version: found?.version.stored.version,
    label: found?.resolution.label,
    outcome: isOk ? 'ok' : (known?.code ?? 'internal'),
    details: known?.details,
    asked: isOk ? undefined : askedOf(asked, found, known),
    variables: given === undefined ? undefined : found?.version.givenNames(given),
    values: isOk ? undefined : given,
    duration_us: Math.round((performance.now() - startedAt) * 1000),
  })
}

/** What could not be found, as "name", "name@label" or "name@3". */
function askedOf(
  { name, label, version }: CountedRead['asked'],
  found: ResolvedVersion | undefined,
  error: AppError | undefined,
): string | undefined {
  if (found !== undefined || error?.code !== 'not_found') return undefined
  const choice = label ?? version
  return choice === undefined ? name : `${name}@${choice}`
}

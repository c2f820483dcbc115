import type { Actor } from '../../access/actor.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import type { Generation } from '../schema.ts'
import type { Progress } from '../streaming/generation-feed.ts'
import { generationHub, type WaitOptions } from '../streaming/hub.ts'
import type { Target } from '../streaming/read-progress.ts'
import { getGeneration } from './get-generation.ts'

export interface AwaitGenerationInput extends Omit<WaitOptions, 'ms'> {
  id: string
  /** Longest time to wait; `limits.generation_wait_ms` goes before it. */
  seconds: number
}

/**
 * Waits for the end of a generation.
 * @returns the finished one, or as it is when the time is up or the signal is aborted
 * @throws forbidden, not_found, unavailable
 */
export const awaitGeneration = operation('awaitGeneration', run)

async function run(actor: Actor, { id, seconds, ...options }: AwaitGenerationInput): Promise<Generation> {
  const known = await getGeneration(actor, { id })
  // It may have happened while this was read.
  if (options.signal?.aborted === true) return known
  const target = { workspaceId: actor.workspaceId, id }
  return (await waitFor(target, known, seconds, options)) ?? getGeneration(actor, { id })
}

/** The end of a generation that was just read or written; undefined when it does not come in time. */
export function waitFor(
  target: Target,
  known: Generation | Progress,
  seconds: number,
  options: Omit<WaitOptions, 'ms'> = {},
): Promise<Generation | undefined> {
  const ms = Math.min(seconds * 1000, getRuntime().config.limits.generation_wait_ms)
  return generationHub().waitFor(target, known, { ...options, ms })
}

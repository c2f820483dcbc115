import type { Actor } from '../../access/actor.ts'
import { type LoadedConfiguration, loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { change } from '../../db/change.ts'
import { prepareRun } from '../../prompts/operations/prepare-run.ts'
import { announce, requested } from '../announce.ts'
import { insertGeneration, type NewGeneration } from '../insert-generation.ts'
import { assertMay } from '../policy.ts'
import type { Generation, RequestGenerationInput } from '../schema.ts'
import { waitFor } from './await-generation.ts'
import { getGeneration } from './get-generation.ts'

/**
 * Asks for a generation: the prompt is rendered and everything it needs is kept, its share of the limits is
 * set aside, and a function runs it. With `wait` it answers the finished one when that comes in time.
 * @throws as rendering does; unprocessable without a usable configuration; rate_limited, quota_exceeded
 *   (saying when that ends), forbidden, unavailable
 */
export async function requestGeneration(actor: Actor, input: RequestGenerationInput): Promise<Generation> {
  assertMay(actor, 'run')
  const { prompt, configuration, label, version, draft, variables = {}, wait } = input
  const chain = await loadConfiguration(actor, configuration === undefined ? {} : { name: configuration })
  const run = await prepareRun(actor, { name: prompt, label, version, draft, values: [variables] })
  const { rendered, ...found } = run
  return queueGeneration(actor, {
    generation: {
      ...found,
      variables,
      messages: rendered[0] ?? [],
      draft: draft ?? null,
      retryOf: null,
      chain,
    },
    wait,
  })
}

/**
 * Writes a generation, tells the functions and, if asked to, waits for its end.
 * @throws rate_limited, quota_exceeded, unavailable
 */
export async function queueGeneration(
  actor: Actor,
  { generation, wait }: { generation: NewGeneration; wait?: number | undefined },
): Promise<Generation> {
  const queued = await change(actor, ({ tx }) => insertGeneration(tx, actor, generation))
  const waiting = wait === undefined ? undefined : waitFor(actor, queued, wait)
  if (actor.request.outcome.replayed !== true)
    await announce([requested(jobOf(actor, queued, generation.chain))])
  if (waiting === undefined) return queued
  return (await waiting) ?? (await getGeneration(actor, { id: queued.id }))
}

/** The provider of the configuration that is asked first. */
function jobOf(actor: Actor, queued: Generation, chain: readonly LoadedConfiguration[]) {
  const { id, queue, attempts, provider } = queued
  const first = chain[attempts.length - 1]
  return { workspaceId: actor.workspaceId, id, queue, provider: first?.facts.provider ?? provider }
}

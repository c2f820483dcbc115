import type { Actor } from '../../access/actor.ts'
import { loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { settingsIn } from '../../ai/run-settings.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { outbox } from '../../outbox/outbox.ts'
import { prepareRun } from '../../prompts/operations/runs/prepare-run.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { Generation, RequestGenerationInput } from '../schema.ts'
import { tellOfGenerations } from '../store/generation-row.ts'
import {
  insertInTransaction,
  insertOnFastPath,
  type NewGeneration,
  type QueuedGeneration,
} from '../store/insert-generation.ts'
import { readGeneration, readGenerationIn } from '../store/stored-generation.ts'
import type { Progress } from '../streaming/generation-feed.ts'
import type { Target } from '../streaming/read-progress.ts'
import { waitFor } from './await-generation.ts'
import { noGeneration } from './get-generation.ts'

/**
 * Asks for a generation: the prompt is rendered and everything it needs is kept, its share of the limits is
 * set aside, and a function runs it. With `wait` it answers the finished one when that comes in time.
 * @throws as rendering does; unprocessable without a usable configuration; rate_limited, quota_exceeded
 *   (saying when that ends), forbidden, unavailable
 */
export const requestGeneration = operation('requestGeneration', perform)

async function perform(actor: Actor, input: RequestGenerationInput): Promise<Generation> {
  assertMay(actor, 'run')
  const { prompt, configuration, label, version, draft, variables = {}, wait } = input
  const chain = await loadConfiguration(actor, configuration === undefined ? {} : { name: configuration })
  const run = await prepareRun(actor, { name: prompt, label, version, draft, values: variables })
  const { name: _name, config, ...found } = run
  return queueGeneration(actor, {
    generation: {
      ...found,
      config: settingsIn(config),
      variables,
      draft: draft ?? null,
      retryOf: null,
      chain,
    },
    wait,
  })
}

/**
 * Writes a generation, sends it to the functions and, if asked to, waits for its end.
 * @throws rate_limited, quota_exceeded, unavailable
 */
export async function queueGeneration(
  actor: Actor,
  { generation, wait }: { generation: NewGeneration; wait?: number | undefined },
): Promise<Generation> {
  const { id, unsent = [], whole } = await write(actor, generation)
  tellOfGenerations(actor.workspaceId)
  const target = { workspaceId: actor.workspaceId, id }
  // Before anybody works on it: it is told as it was when it was asked for.
  const queued = wait === undefined ? (whole ?? (await read(target))) : undefined
  const waiting = wait === undefined ? undefined : waitFor(target, whole ?? standing(generation), wait)
  outbox().sendNow(unsent)
  if (queued !== undefined) return queued
  return (await waiting) ?? (await read(target))
}

/** A generation that was written. */
interface Written extends Partial<QueuedGeneration> {
  id: string
  /** It was read along the way. */
  whole?: Generation
}

/** An answer that is kept for an Idempotency-Key is written in the same transaction. */
async function write(actor: Actor, generation: NewGeneration): Promise<Written> {
  if (actor.request.idempotency === undefined) {
    const written = await insertOnFastPath(actor, generation)
    if (written !== undefined) return written
  }
  const whole = await change(actor, async ({ tx, send }) => {
    const job = await insertInTransaction(tx, actor, generation)
    send(job)
    return readGenerationIn(tx, actor.workspaceId, job.subject)
  })
  return { id: whole.id, whole }
}

/** The requester may see the answer, whatever else it may read. */
async function read({ workspaceId, id }: Target): Promise<Generation> {
  const found = await onPrimary(({ pool }) => readGeneration(pool, { workspaceId, label: null }, id))
  if (found === undefined) throw noGeneration(id)
  return found
}

function standing({ chain }: NewGeneration): Progress {
  return { status: 'queued', attempt: 0, configuration: chain[0].facts.name, lastError: null }
}

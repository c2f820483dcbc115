import type { Actor } from '../../access/actor.ts'
import { type LoadedConfiguration, loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { countCaller } from '../../ai/operations/reserve-spending.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { type PreparedRun, prepareRun } from '../../prompts/operations/prepare-run.ts'
import { getRuntime } from '../../runtime.ts'
import { announce } from '../announce.ts'
import { rowOf } from '../insert-generation.ts'
import { assertMay } from '../policy.ts'
import type { GenerationBatch, RequestBatchInput } from '../schema.ts'

/** Rows of one statement. */
const ROWS_AT_ONCE = 500

/**
 * Asks for a prompt over many inputs, each with each configuration. All of it is rendered and written, or
 * none; the calls wait for their share of the limits one by one. For the caller's own limit it is one request.
 * @throws as rendering does, naming the input; unprocessable beyond `limits.generation_batch` or without a
 *   usable configuration; rate_limited, forbidden, unavailable
 */
export async function requestBatch(actor: Actor, input: RequestBatchInput): Promise<GenerationBatch> {
  assertMay(actor, 'run')
  assertSize(input)
  const configurations = await loadAll(actor, input.configurations)
  const values = input.inputs.map(({ variables }) => variables)
  const { prompt: name, label, version } = input
  const at = (index: number) => ['inputs', index]
  const run = await prepareRun(actor, { name, label, version, values, at })
  const batch = await change(actor, ({ tx }) => insertBatch(tx, actor, run, values, configurations))
  if (actor.request.outcome.replayed !== true) await announce([batchRequested(actor, batch.id)])
  return batch
}

/** Sent twice with the same id, it is worked on once. */
function batchRequested({ workspaceId }: Pick<Actor, 'workspaceId'>, id: string) {
  return { name: 'generation/batch.requested', id, data: { batch_id: id, workspace_id: workspaceId } }
}

function assertSize({ inputs, configurations = [''] }: RequestBatchInput): void {
  const most = getRuntime().config.limits.generation_batch
  const total = inputs.length * new Set(configurations).size
  if (total > most) throw wrong('inputs', 'too_many', `A batch has at most ${most} generations, not ${total}`)
}

function wrong(field: string, code: string, message: string): AppError {
  return appError('unprocessable', `${message}.`, { details: [{ path: [field], code, message }] })
}

async function loadAll(actor: Actor, names: readonly string[] | undefined): Promise<LoadedConfiguration[]> {
  const choices = names === undefined ? [{}] : [...new Set(names)].map((name) => ({ name }))
  const chains = await Promise.all(choices.map((choice) => loadConfiguration(actor, choice)))
  return chains.map(([first]) => first)
}

async function insertBatch(
  tx: Tx,
  actor: Actor,
  run: PreparedRun,
  values: readonly Readonly<Record<string, unknown>>[],
  configurations: readonly LoadedConfiguration[],
): Promise<GenerationBatch> {
  const { workspaceId: workspace_id } = actor
  const id = newId()
  const total = values.length * configurations.length
  const { prompt_id, version, label, checksum } = run
  const batch = await tx.generationBatch.create({
    data: { id, workspace_id, prompt_id, version_number: version, label, total, created_by: actor.id },
    select: { created_at: true },
  })
  const rows = values.flatMap((variables, index) =>
    configurations.map((configuration) => {
      const messages = run.rendered[index] ?? []
      const generation = {
        prompt_id,
        version,
        label,
        checksum,
        variables,
        messages,
        draft: null,
        retryOf: null,
      }
      return { ...rowOf(actor, newId(), generation, configuration), queue: 'batch', batch_id: id }
    }),
  )
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await tx.generatedContent.createMany({ data: rows.slice(from, from + ROWS_AT_ONCE) })
  const author = await tx.actor.findFirstOrThrow({
    where: { workspace_id, id: actor.id },
    select: { id: true, kind: true, display: true },
  })
  await countCaller(tx, { workspaceId: workspace_id, callerId: actor.id, requests: 1 })
  return {
    id,
    prompt: run.name,
    version,
    label,
    total,
    counts: { queued: total, running: 0, succeeded: 0, failed: 0, cancelled: 0 },
    cost: null,
    author,
    created_at: batch.created_at.toISOString(),
    finished_at: null,
    cancel_requested_at: null,
  }
}

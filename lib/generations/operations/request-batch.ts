import type { Actor } from '../../access/actor.ts'
import { type LoadedConfiguration, loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { change } from '../../db/change.ts'
import { type AppError, overLimit, relocated } from '../../errors.ts'
import { inSlices } from '../../pacing.ts'
import { checkRunValues } from '../../prompts/operations/runs/check-run-values.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { batchRequested } from '../jobs.ts'
import { assertMay } from '../policy.ts'
import type { GenerationBatch, RequestBatchInput } from '../schema.ts'
import { tellOfGenerations } from '../store/generation-row.ts'
import { insertBatch } from '../store/insert-batch.ts'

type Values = RequestBatchInput['inputs'][number]['variables']

/**
 * Asks for a prompt over many inputs, each with each configuration. All values are checked and written, or
 * none are; each generation is rendered and waits for its share of the limits when its turn comes. For the
 * caller's own limit it counts as many requests as it has generations.
 * @throws as rendering does for values, naming the input; unprocessable beyond `limits.generation_batch` or
 *   without a usable configuration; too_large beyond `limits.batch_bytes` or what the caller may ask for at any
 *   time; rate_limited, forbidden, unavailable
 */
export const requestBatch = operation('requestBatch', perform)

async function perform(actor: Actor, input: RequestBatchInput): Promise<GenerationBatch> {
  assertMay(actor, 'run')
  assertCount(input)
  const configurations = await loadAll(actor, input.configurations)
  const values = input.inputs.map(({ variables }) => variables)
  const texts = await textsOf(values, configurations.length)
  const { prompt: name, label, version } = input
  const placeOf = (index: number) => ['inputs', index]
  const run = await checkRunValues(actor, { name, label, version, values, placeOf })
  const batch = await change(actor, async ({ tx, record, send }) => {
    const written = await insertBatch(tx, actor, { run, values: texts, configurations })
    const { id, total, version } = written
    record({
      action: 'batch.request',
      target: { kind: 'batch', id, name: run.name },
      after: { version, total },
    })
    send(batchRequested({ workspaceId: actor.workspaceId, id }))
    return written
  })
  tellOfGenerations(actor.workspaceId)
  return batch
}

function assertCount({ inputs, configurations = [''] }: RequestBatchInput): void {
  const { limits } = getRuntime().config
  const total = inputs.length * new Set(configurations).size
  const most = limits.generation_batch
  if (total > most)
    throw overLimit('limits.generation_batch', `A batch has at most ${most} generations, not ${total}`, [
      'inputs',
    ])
  // A batch that can never fit is not answered with "later".
  for (const limit of ['generations_per_minute', 'generations_waiting'] as const)
    if (total > limits[limit])
      throw tooLarge(`This batch has ${total} generations, more than ${limits[limit]}`, `limits.${limit}`)
}

/**
 * The values as they are stored.
 * @throws too_large when all rows together hold too much
 */
async function textsOf(values: readonly Values[], configurations: number): Promise<string[]> {
  const most = getRuntime().config.limits.batch_bytes
  const pause = inSlices()
  const texts: string[] = []
  let bytes = 0
  for (const each of values) {
    const text = JSON.stringify(each)
    bytes += configurations * Buffer.byteLength(text)
    if (bytes > most)
      throw tooLarge(`The values of this batch have more than ${most} bytes`, 'limits.batch_bytes')
    texts.push(text)
    await pause()
  }
  return texts
}

function tooLarge(what: string, limit: string): AppError {
  return overLimit(limit, `${what}: divide it into several batches`, ['inputs'])
}

async function loadAll(actor: Actor, names: readonly string[] | undefined): Promise<LoadedConfiguration[]> {
  if (names === undefined) return [(await loadConfiguration(actor, {}))[0]]
  const chains = await Promise.all(
    [...new Set(names)].map((name) => loadNamed(actor, name, names.indexOf(name))),
  )
  return chains.map(([first]) => first)
}

/** @throws as loadConfiguration, with its place in the list */
async function loadNamed(actor: Actor, name: string, index: number) {
  try {
    return await loadConfiguration(actor, { name })
  } catch (error) {
    throw relocated(error, ([, ...rest]) => ['configurations', index, ...rest])
  }
}

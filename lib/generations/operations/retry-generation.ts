import type { Actor } from '../../access/actor.ts'
import { loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { type RunConfig, settingsIn } from '../../ai/run-settings.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { prepareRun } from '../../prompts/operations/runs/prepare-run.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import { type Generation, type RetryGenerationInput } from '../schema.ts'
import { isFinished } from '../status.ts'
import { readGeneration } from '../store/stored-generation.ts'
import { noGeneration } from './get-generation.ts'
import { queueGeneration } from './request-generation.ts'

/**
 * Runs the same messages again, as a new generation that names the first; with its configuration as that is
 * now, or with another one. One that ended before it was rendered is rendered now.
 * @throws not_found, conflict while the first has not ended or when it was redacted, unprocessable when its
 *   configuration is gone or switched off, rate_limited, quota_exceeded, forbidden, unavailable; as rendering
 *   does for one that was not rendered
 */
export const retryGeneration = operation('retryGeneration', run)

async function run(
  actor: Actor,
  { id, configuration }: RetryGenerationInput & { id: string },
): Promise<Generation> {
  assertMay(actor, 'run')
  assertMay(actor, 'read')
  const { first, source } = await onPrimary(async ({ pool, prisma }) => ({
    first: await readGeneration(pool, actor, id),
    source: await prisma.generatedContent.findFirst({
      where: { workspace_id: actor.workspaceId, id },
      select: { prompt_id: true, configuration_id: true, config: true },
    }),
  }))
  if (first === undefined || source === null) throw noGeneration(id)
  if (!isFinished(first.status))
    throw appError('conflict', 'This generation has not ended yet. Stop it first, or wait for its end.')
  if (first.redacted_at !== null)
    throw appError(
      'conflict',
      'What was sent has been erased along with its version: it cannot be run again.',
    )
  const choice =
    configuration !== undefined
      ? { name: configuration }
      : source.configuration_id !== null
        ? { id: source.configuration_id }
        : { name: first.configuration }
  const chain = await loadConfiguration(actor, choice)
  const { version, label, checksum, variables, draft } = first
  const { prompt_id, config: kept } = source
  const { messages, config } = await sentBy(actor, first, kept)
  return queueGeneration(actor, {
    generation: {
      prompt_id,
      version,
      label,
      checksum,
      variables,
      messages,
      config,
      draft,
      retryOf: id,
      chain,
    },
  })
}

/** What was sent, and how the model was asked. @param kept of its row */
async function sentBy(actor: Actor, first: Generation, kept: unknown) {
  if (first.is_rendered) {
    const config = kept === null ? undefined : (kept as RunConfig)
    return { messages: first.messages, config }
  }
  const { prompt: name, version, variables: values } = first
  const { messages, config } = await prepareRun(actor, { name, version, values })
  return { messages, config: settingsIn(config) }
}

import type { GetStepTools, Inngest, InngestFunction } from 'inngest'
import { failRun } from '#lib/generations/operations/fail-run.ts'
import { finishGeneration } from '#lib/generations/operations/finish-generation.ts'
import { actorOf, loadRun } from '#lib/generations/operations/load-run.ts'
import { nextConfiguration } from '#lib/generations/operations/try-configuration.ts'
import { getRuntime } from '#lib/runtime.ts'
import { generationCancelled, generationRequested } from '../events.ts'
import { type Asked, askOnce, type Call, type Failed, messageOf } from './ask-once.ts'

/** The configuration file's schema bounds it. */
type Retries = NonNullable<InngestFunction.Options['retries']>

/** Waits for a limit that one run may have: a run of Inngest has a thousand steps at most. */
const TURNS = 400
const GONE: Failed = { code: 'configuration_unusable', message: 'The AI configuration was deleted.' }

/**
 * Runs one generation: load, call, save. Each configuration of the chain is a call of its own, retried when
 * that can help; the next one is asked when it cannot. An answer is saved by the step that called for it, in
 * one transaction with its charge: a step that runs again after a crash neither asks again nor charges twice
 * (ADR 37). What nobody has answered is saved as failed. It acts as the person who asked.
 */
export const runGeneration = (client: Inngest.Any) => {
  const { ai, inngest } = getRuntime().config
  return client.createFunction(
    {
      id: 'run-generation',
      triggers: [generationRequested],
      retries: ai.retries as Retries,
      concurrency: { limit: inngest.provider_concurrency, key: 'event.data.provider' },
      priority: { run: "event.data.queue == 'interactive' ? 120 : 0" },
      cancelOn: [
        { event: generationCancelled.name, if: 'async.data.generation_id == event.data.generation_id' },
      ],
      onFailure: ({ event, error }) => giveUp(event.data.event.data, error),
    },
    async ({ event, step, runId, attempt }) => {
      const { generation_id: id, workspace_id: workspaceId } = event.data
      const plan = await step.run('load', () => loadRun({ workspaceId, id, runId }))
      if (plan.kind === 'ended') return
      const { asker } = plan
      let failed: Failed | null = GONE
      let configurationId = plan.configurationId
      for (let n = 1; configurationId !== null; n++) {
        const asked: string = configurationId
        failed = await ask(step, `call ${n}`, { workspaceId, id, asker, configurationId: asked, attempt })
        if (failed === null) break
        const actor = actorOf(workspaceId, asker)
        configurationId = await step.run(`next ${n}`, () => nextConfiguration(actor, asked))
      }
      const reason = failed
      if (reason !== null)
        await step.run('save', () => finishGeneration(actorOf(workspaceId, asker), { id, reason }))
    },
  )
}

/**
 * Asks one configuration until it has answered, its retries are used up, or waiting for its limits is.
 * @returns null when the generation has ended, else why the next configuration is to be asked
 */
async function ask(step: GetStepTools<Inngest.Any>, name: string, call: Call): Promise<Failed | null> {
  for (let turn = 1; turn <= TURNS; turn++) {
    let asked: Asked
    try {
      asked = await step.run(`${name}.${turn}`, () => askOnce(call))
    } catch (error) {
      return { code: 'internal', message: messageOf(error) }
    }
    if (asked.kind === 'ended') return null
    if (asked.kind === 'refused') return asked.reason
    await step.sleep(`wait ${name}.${turn}`, asked.seconds * 1000)
  }
  return { code: 'limit_reached', message: 'Its limits had no room for it in a long time.' }
}

/** The run itself failed: its process ended too often, say. */
async function giveUp(data: unknown, error: Error): Promise<void> {
  const { generation_id: id, workspace_id: workspaceId } = generationRequested.schema.parse(data)
  await failRun({ workspaceId, id }, { code: 'internal', message: messageOf(error) })
}

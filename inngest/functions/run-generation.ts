import type { GetStepTools, Inngest } from 'inngest'
import { restoreActor } from '#lib/access/kept-actor.ts'
import { failRun, failUnanswered } from '#lib/generations/runs/fail-generation.ts'
import { loadRun } from '#lib/generations/runs/load-run.ts'
import { nextConfiguration } from '#lib/generations/runs/try-configuration.ts'
import { getRuntime } from '#lib/runtime.ts'
import { observeJob, unobserved } from '#lib/telemetry/job-span.ts'
import { generationCancelled, generationRequested } from '../events.ts'
import { type Asked, askOnce, type Call, type Failed } from './ask-once.ts'
import { messageOf, RETRIES, withFewFaults } from './own-faults.ts'

/** Waits for a limit that one run may have: a run of Inngest has a thousand steps at most. */
const TURNS = 400
/**
 * Seconds that interactive ones go before others: the most a server takes, so that no batch of yesterday is
 * before them.
 */
const AHEAD_SECONDS = 43_200
/** Calls to one provider are counted for each workspace by itself. */
const PLACE = `event.data.workspace_id + ' ' + event.data.provider`
const GONE: Failed = { code: 'configuration_unusable', message: 'The AI configuration was deleted.' }

/**
 * Runs one generation: load, call, save. Each configuration of the chain is a call of its own, retried when
 * that can help; the next one is asked when it cannot. An answer is saved by the step that called for it, in
 * one transaction with its charge: a step that runs again after a crash neither asks again nor charges twice
 * (ADR 37). A generation without an answer is saved as failed. The run acts with the rights that its actor had when it asked
 * and still has.
 */
export const runGeneration = (client: Inngest.Any) => {
  const { inngest } = getRuntime().config
  return client.createFunction(
    {
      id: 'run-generation',
      triggers: [generationRequested],
      retries: RETRIES,
      concurrency: { limit: inngest.provider_concurrency, key: PLACE },
      priority: { run: `event.data.queue == 'interactive' ? ${AHEAD_SECONDS} : 0` },
      cancelOn: [
        { event: generationCancelled.name, if: 'async.data.generation_id == event.data.generation_id' },
      ],
      onFailure: ({ event, error }) => giveUp(event.data.event.data, event.data.run_id, error),
    },
    async ({ event, step, runId, attempt }) => {
      const { generation_id: id, workspace_id: workspaceId, sweep } = event.data
      const isSweep = sweep !== undefined
      const plan = await step.run('load run', () =>
        unobserved(() => withFewFaults(attempt, () => loadRun({ workspaceId, id, runId, isSweep }))),
      )
      if (plan.kind === 'ended') return
      const { asker: requester, prompt } = plan
      const { trace } = requester.rights
      /** A part of the trace of the request that asked for the generation. */
      const traced = <T>(name: string, work: () => Promise<T>) => {
        const attributes = { 'incipit.generation.id': id, 'incipit.run.id': runId }
        const job = { function: 'run-generation', step: name, trace, attributes }
        return observeJob(job, () => withFewFaults(attempt, work))
      }
      const run = <T>(name: string, work: () => Promise<T>) => step.run(name, () => traced(name, work))
      let failed: Failed | null = GONE
      let configurationId = plan.configurationId
      for (let n = 1; configurationId !== null; n++) {
        const asked: string = configurationId
        const call: Call = { workspaceId, id, requester, runId, configurationId: asked, prompt }
        failed = await ask(step, `call ${n}`, () => traced('call', () => askOnce(call)))
        if (failed === null) break
        const actor = restoreActor(workspaceId, requester)
        configurationId = await run(`next ${n}`, () => nextConfiguration(actor, asked))
      }
      const reason = failed
      if (reason !== null)
        await run('save', () => failUnanswered(restoreActor(workspaceId, requester), { id, reason, runId }))
    },
  )
}

/**
 * Asks one configuration until it has answered, its retries are used up, or waiting for its limits is.
 * @returns null when the generation has ended, else why the next configuration is to be asked
 */
async function ask(
  step: GetStepTools<Inngest.Any>,
  name: string,
  askNow: () => Promise<Asked>,
): Promise<Failed | null> {
  for (let turn = 1; turn <= TURNS; turn++) {
    let asked: Asked
    try {
      asked = await step.run(`${name}.${turn}`, askNow)
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
async function giveUp(data: unknown, runId: string, error: Error): Promise<void> {
  const { generation_id: id, workspace_id: workspaceId } = generationRequested.schema.parse(data)
  await failRun({ workspaceId, id, runId }, { code: 'internal', message: messageOf(error) })
}

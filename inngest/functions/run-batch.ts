import type { Inngest } from 'inngest'
import { sendBatch } from '#lib/generations/runs/send-batch.ts'
import { batchRequested } from '../events.ts'
import { RETRIES } from './own-faults.ts'

/** Hands the generations of a batch on, a page at a time; each is then a run of its own. */
export const runBatch = (client: Inngest.Any) =>
  client.createFunction(
    { id: 'run-batch', triggers: [batchRequested], concurrency: 2, retries: RETRIES },
    async ({ event, step }) => {
      const { batch_id: batchId, workspace_id: workspaceId } = event.data
      let after: string | null = null
      for (let page = 1; page === 1 || after !== null; page++) {
        const from: string | null = after
        after = await step.run(`page ${page}`, () => sendBatch({ workspaceId, batchId, after: from }))
      }
    },
  )

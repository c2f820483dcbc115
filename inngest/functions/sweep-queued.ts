import { cron, type Inngest } from 'inngest'
import { endAbandoned } from '#lib/generations/operations/end-abandoned.ts'
import { sendQueued } from '#lib/generations/operations/send-queued.ts'

/** Looks after what was lost, once a minute: events that were not sent, calls whose process is gone. */
export const sweepQueued = (client: Inngest.Any) =>
  client.createFunction(
    { id: 'sweep-queued', triggers: [cron('* * * * *')], concurrency: 1, retries: 1 },
    async ({ step }) => {
      await step.run('send queued', () => sendQueued())
      await step.run('end abandoned', () => endAbandoned())
    },
  )

import { cron, type Inngest } from 'inngest'
import { deleteOldSpending } from '#lib/ai/operations/delete-old-spending.ts'
import { expireGenerations } from '#lib/generations/operations/expire-generations.ts'

/** Deletes what is older than the configuration says, once an hour. */
export const expireData = (client: Inngest.Any) =>
  client.createFunction(
    { id: 'expire-data', triggers: [cron('23 * * * *')], concurrency: 1, retries: 3 },
    async ({ step }) => {
      await step.run('generations', () => expireGenerations())
      await step.run('spending', () => deleteOldSpending())
    },
  )

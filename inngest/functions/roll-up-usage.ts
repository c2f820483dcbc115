import { cron, type Inngest } from 'inngest'
import { expireUsage, makeUsagePartitions, rollUp } from '#lib/usage/upkeep.ts'

/**
 * Keeps usage in order, once an hour: the partitions of the coming days exist before their first event,
 * old ones go, days that are over are summed up. Each is a step: what was done is not done again when a
 * later one fails.
 */
export const rollUpUsage = (client: Inngest.Any) =>
  client.createFunction(
    { id: 'roll-up-usage', triggers: [cron('7 * * * *')], concurrency: 1, retries: 3 },
    async ({ step }) => {
      await step.run('make partitions', () => makeUsagePartitions())
      await step.run('expire', () => expireUsage())
      await step.run('roll up', () => rollUp())
    },
  )

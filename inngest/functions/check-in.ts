import { cron, type Inngest } from 'inngest'
import { noteCheckIn } from '#lib/health/check-health.ts'

/** Called by a server once a minute, so that one that calls nobody is noticed (silence.ts). */
export const checkIn = (client: Inngest.Any) =>
  client.createFunction(
    { id: 'check-in', triggers: [cron('* * * * *')], concurrency: 1, retries: 0 },
    noteCheckIn,
  )

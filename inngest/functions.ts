import { cron, type Inngest, type InngestFunction } from 'inngest'
import { noteCheckIn } from '#lib/health/check-health.ts'
import { getRuntime } from '#lib/runtime.ts'
import { runBatch } from './functions/run-batch.ts'
import { runGeneration } from './functions/run-generation.ts'
import { inngestMode } from './mode.ts'

/** Called by a server once a minute, so that one that calls nobody is noticed (silence.ts). */
const checkIn = (client: Inngest.Any) =>
  client.createFunction(
    { id: 'check-in', triggers: [cron('* * * * *')], concurrency: 1, retries: 0 },
    noteCheckIn,
  )

/**
 * Everything that runs in the background. A function is a file in functions/: it exports one maker that
 * takes the client. It orchestrates alone; the work is in operations, which it calls inside `step.run`. Periodic
 * work needs no function: the upkeep runs in the process (lib/boot/boot.ts).
 */
export function functions(client: Inngest.Any): InngestFunction.Any[] {
  const all = [runGeneration(client), runBatch(client)]
  return inngestMode(getRuntime().config) === 'server' ? [...all, checkIn(client)] : all
}

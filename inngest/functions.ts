import type { Inngest, InngestFunction } from 'inngest'
import { expireData } from './functions/expire-data.ts'
import { rollUpUsage } from './functions/roll-up-usage.ts'
import { runBatch } from './functions/run-batch.ts'
import { runGeneration } from './functions/run-generation.ts'
import { sweepQueued } from './functions/sweep-queued.ts'

/**
 * Everything that runs in the background. A function is a file in functions/: it exports one maker that
 * takes the client. It orchestrates alone; the work is in operations, which it calls inside `step.run`.
 */
export function functions(client: Inngest.Any): InngestFunction.Any[] {
  return [
    runGeneration(client),
    runBatch(client),
    sweepQueued(client),
    expireData(client),
    rollUpUsage(client),
  ]
}

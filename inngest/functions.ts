import type { Inngest, InngestFunction } from 'inngest'
import { runBatch } from './functions/run-batch.ts'
import { runGeneration } from './functions/run-generation.ts'

/**
 * Everything that runs in the background. A function is a file in functions/: it exports one maker that
 * takes the client. It orchestrates alone; the work is in operations, which it calls inside `step.run`. What is
 * done now and then needs no function: the upkeep runs in the process (lib/upkeep-steps.ts).
 */
export function functions(client: Inngest.Any): InngestFunction.Any[] {
  return [runGeneration(client), runBatch(client)]
}

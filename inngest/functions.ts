import type { Inngest, InngestFunction } from 'inngest'
import { getRuntime } from '#lib/runtime.ts'
import { checkIn } from './functions/check-in.ts'
import { runBatch } from './functions/run-batch.ts'
import { runGeneration } from './functions/run-generation.ts'
import { inngestMode } from './mode.ts'

/**
 * Everything that runs in the background. A function is a file in functions/: it exports one maker that
 * takes the client. It orchestrates alone; the work is in operations, which it calls inside `step.run`. What is
 * done now and then needs no function: the upkeep runs in the process (lib/boot/boot.ts).
 */
export function functions(client: Inngest.Any): InngestFunction.Any[] {
  const all = [runGeneration(client), runBatch(client)]
  return inngestMode(getRuntime().config) === 'server' ? [...all, checkIn(client)] : all
}

import type { z } from 'zod'
import {
  createExampleContract,
  deleteExampleContract,
  listExamplesContract,
  replaceExampleContract,
} from '#lib/prompts/example-contract.ts'
import type { CreateExampleInput, ReplaceExampleInput } from '#lib/prompts/example-schema.ts'
import { send } from '#lib/rest/client.ts'

/** Calls for the saved inputs of a prompt. Loaded lazily, as the contracts bring all schemas along. */

export async function readExamples(name: string, signal: AbortSignal) {
  const { items } = await send(listExamplesContract, { params: { name } }, { signal })
  return items
}

export function createExample(name: string, body: z.input<typeof CreateExampleInput>) {
  return send(createExampleContract, { params: { name }, body, idempotencyKey: crypto.randomUUID() })
}

export function replaceExample(name: string, example: string, body: z.input<typeof ReplaceExampleInput>) {
  return send(replaceExampleContract, { params: { name, example }, body })
}

export function deleteExample(name: string, example: string) {
  return send(deleteExampleContract, { params: { name, example } })
}

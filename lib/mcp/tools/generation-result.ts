import { z } from 'zod'
import { appError } from '../../errors.ts'
import { getGeneration } from '../../generations/operations/get-generation.ts'
import { Generation, GenerationPath } from '../../generations/schema.ts'
import { READS, tool } from './tool.ts'

/** A generation as agents get it: the text and what made it, without what they sent themselves. */
export const GenerationResult = Generation.pick({
  id: true,
  status: true,
  prompt: true,
  version: true,
  label: true,
  configuration: true,
  provider: true,
  model: true,
  text: true,
  finish_reason: true,
  input_tokens: true,
  output_tokens: true,
  cost: true,
  error: true,
  created_at: true,
  finished_at: true,
  receipt: true,
})
type GenerationResult = z.infer<typeof GenerationResult>

/**
 * A generation as a tool answers it; one that has not ended is a handle.
 * @throws upstream_failed for one that failed, with the reason
 */
export function toGenerationResult(generation: Generation): { text: string; data: GenerationResult } {
  const { id, status, error } = generation
  if (status === 'failed') {
    const reason = error === null ? 'no reason is known' : `${error.message} (${error.code})`
    throw appError('upstream_failed', `The generation ${id} failed: ${reason}`)
  }
  return { text: textOf(generation), data: GenerationResult.parse(generation) }
}

function textOf({ id, status, text }: Generation): string {
  if (status === 'succeeded') return text ?? ''
  if (status === 'cancelled') return `The generation ${id} was stopped. What had arrived:\n\n${text ?? ''}`
  const so_far = text === null || text === '' ? '' : ` What has arrived so far:\n\n${text}`
  return `The generation ${id} is ${status}. Call get_generation with this id to get its text.${so_far}`
}

export const getGenerationTool = tool({
  name: 'get_generation',
  scope: 'generations:read',
  title: 'Read a generation',
  description:
    'Returns a generation by its id, as generate answered it: the text once it has ended, and what has arrived before that.',
  annotations: READS,
  advice: { not_found: 'The id is the one that generate answered, in full.' },
  input: z.strictObject({ id: GenerationPath.shape.id }),
  output: GenerationResult,
  async run({ actor }, { id }) {
    return toGenerationResult(await getGeneration(actor, { id }))
  },
})

import { z } from 'zod'
import { getGeneration } from '../../generations/operations/get-generation.ts'
import { GenerationPath } from '../../generations/schema.ts'
import { GenerationResult, toGenerationResult } from './generation-result.ts'
import { READS, tool } from './tool.ts'

export const getGenerationTool = tool({
  name: 'get_generation',
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

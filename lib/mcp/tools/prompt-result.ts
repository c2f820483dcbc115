import { z } from 'zod'
import { Prompt } from '../../prompts/schema.ts'

/** What tools answer about a prompt that was made or changed: facts, without its text. */
export const PromptResult = z.object({
  ...Prompt.pick({
    name: true,
    title: true,
    description: true,
    category: true,
    version: true,
    latest_version: true,
    checksum: true,
    variables: true,
    publish: true,
    warnings: true,
  }).shape,
  labels: z.record(z.string(), z.number().int()).describe('Version that each label names'),
})
export type PromptResult = z.infer<typeof PromptResult>

/** What is worth knowing of a change, for the text: half of the clients show nothing else. */
export function warningLines({ warnings = [] }: Prompt): string {
  return warnings.map(({ message }) => `\nWarning: ${message}`).join('')
}

export function toPromptResult(prompt: Prompt): PromptResult {
  return {
    name: prompt.name,
    title: prompt.title,
    description: prompt.description,
    category: prompt.category,
    version: prompt.version,
    latest_version: prompt.latest_version,
    checksum: prompt.checksum,
    variables: prompt.variables,
    publish: prompt.publish,
    ...(prompt.warnings === undefined ? {} : { warnings: prompt.warnings }),
    labels: Object.fromEntries(prompt.labels.map(({ label, version }) => [label, version])),
  }
}

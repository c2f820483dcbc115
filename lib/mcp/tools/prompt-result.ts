import { z } from 'zod'
import { Prompt, Warning } from '../../prompts/schema.ts'

/** The answer of tools about a prompt that was created or changed: facts, without its text. */
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
  }).shape,
  // Without offsets: a model finds the place by what was seen there.
  warnings: z.array(Warning.omit({ range: true })).optional(),
  labels: z.record(z.string(), z.number().int()).describe('Version that each label names'),
})
export type PromptResult = z.infer<typeof PromptResult>

/** The warnings for clients that read the text alone, each in a line of its own. */
export function warningLines({ warnings = [] }: Prompt): string {
  return warnings
    .map(({ message, hint }) => `\nWarning: ${message}${hint === undefined ? '' : ` (${hint})`}`)
    .join('')
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
    ...(prompt.warnings === undefined
      ? {}
      : {
          warnings: prompt.warnings.map(({ code, message, path, hint }) => ({ code, message, path, hint })),
        }),
    labels: Object.fromEntries(prompt.labels.map(({ label, version }) => [label, version])),
  }
}

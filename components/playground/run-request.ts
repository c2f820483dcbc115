import type { VersionFields } from '#components/changes/version-fields.ts'
import type { FormValues } from '#components/prompts/test/form-values.ts'
import { typedValues } from '#components/prompts/test/form-values.ts'
import type { RequestGenerationInput } from '#lib/generations/schema.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'
import type { Variable } from '#lib/prompts/variables/variable.ts'

/** What is run: everything of a request but the configuration. */
export type RunRequest = Omit<RequestGenerationInput, 'configuration' | 'wait'>

/** The text as it stands, and what it began from. */
export interface Written {
  prompt: string
  /** The label that chose the version. */
  label: string | undefined
  version: number
  base: Pick<VersionFields, 'content' | 'variables'>
  content: PromptContent
  /** The declared ones. */
  declared: readonly Variable[]
  /** And those that the text uses all the same. */
  variables: readonly Variable[]
}

/** Whether the text, or what it declares, is another than that of the version. */
export function isEdited({
  base,
  content,
  declared,
}: Pick<Written, 'base' | 'content' | 'declared'>): boolean {
  return canonical([content, declared]) !== canonical([base.content, base.variables])
}

/** Equal for equal values: what an editor held may have its members in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  )
}

/** The request that runs it: the version by its label or number, or the edited text in its place. */
export function runRequest(written: Written, values: FormValues): RunRequest {
  const { prompt, label, version, content, variables } = written
  const filled = { variables: typedValues(variables, values) }
  if (!isEdited(written)) return { prompt, ...(label === undefined ? { version } : { label }), ...filled }
  const { kind: _, ...text } = content
  return { prompt, version, ...filled, draft: { ...text, variables: [...variables] } }
}

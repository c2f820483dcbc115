import type { VersionFields } from '#components/changes/version-fields.ts'
import { type FormValues, typedValues } from '#components/prompts/test/form-values.ts'
import type { RequestGenerationInput } from '#lib/generations/schema.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'

/** The request of a run without its configuration. */
export type RunRequest = Omit<RequestGenerationInput, 'configuration' | 'wait'>

/** The text as it stands, and the version that it began from. */
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

/** Whether the text or its variables differ from those of the version. */
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
  const { prompt: name, label, version, variables } = written
  return requestFor({ name, label, version }, isEdited(written) ? written : undefined, variables, values)
}

/**
 * The request that runs a version, or a draft in its place.
 * @param variables the declared ones, and those that the text uses all the same
 */
export function requestFor(
  { name, label, version }: { name: string; version: number; label?: string | null | undefined },
  draft: { content: PromptContent; config?: VersionFields['config'] } | undefined,
  variables: readonly Variable[],
  values: FormValues,
): RunRequest {
  const filled = { prompt: name, variables: typedValues(variables, values) }
  if (draft === undefined) return { ...filled, ...(label ? { label } : { version }) }
  const { content, config } = draft
  return {
    ...filled,
    version,
    draft: { ...textOf(content), variables: [...variables], ...(config && { config }) },
  }
}

/** A system message that nobody wrote is left out, as it is when the draft is saved. */
function textOf(content: PromptContent) {
  if (content.kind === 'text') {
    const { kind: _, ...text } = content
    return text
  }
  const { kind: _, messages, ...chat } = content
  const written = messages.filter((message) => {
    const isUnwritten = 'role' in message && message.role === 'system' && message.content === ''
    return !isUnwritten
  })
  return { ...chat, messages: written.length === 0 ? messages : written }
}

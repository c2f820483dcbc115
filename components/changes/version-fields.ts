import type { Json } from '#lib/liquid/json.ts'
import type { VersionFields as Fields } from '#lib/prompts/comparison/version-merge.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'
import { withFormat } from '#lib/prompts/content/content-fields.ts'
import type { PromptVersion } from '#lib/prompts/schema.ts'

/** The fields of a version that an author writes: an editor holds them, and they are compared and merged. */
export type VersionFields = Fields

type Source = Pick<
  PromptVersion,
  'template_content' | 'messages' | 'format' | 'variables' | 'config' | 'title' | 'description' | 'publish'
>

/** The fields of a version, or of a prompt with one, as the API answers them. */
export function fieldsOf(version: Source): VersionFields {
  const { title, description, publish } = version
  return {
    title,
    description,
    content: contentOf(version),
    variables: version.variables,
    // Answers of the API are JSON.
    config: version.config as { [key: string]: Json },
    publish: { prompt: publish.prompt, tool: publish.tool, skill: publish.skill },
  }
}

function contentOf({ template_content: text, messages, format }: Source): PromptContent {
  return withFormat(
    messages === undefined ? { kind: 'text', template_content: text ?? '' } : { kind: 'chat', messages },
    format,
  )
}

/** The fields as the body of a request that makes a version. */
export function bodyOf({ content, variables, ...rest }: VersionFields) {
  const { kind: _, format, ...text } = content
  return { ...rest, ...text, format: format ?? ('liquid' as const), variables: [...variables] }
}

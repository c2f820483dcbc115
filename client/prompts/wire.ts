import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent, PromptMessage } from '#lib/prompts/content/content.ts'
import { isSlug } from '../files/names.ts'
import { incipitError } from '../http/problem.ts'

/** A version's include, as the server tells it. */
export interface WireInclude {
  ref: string
  name: string
  version: number
  checksum: string
}

/** What the server answers of a version; what of it is used here. */
export interface WireVersion {
  name: string
  version: number
  checksum: string
  kind: 'text' | 'chat'
  title: string
  description: string
  template_content?: string
  messages?: PromptMessage[]
  format: 'liquid' | 'text'
  variables: Variable[]
  config: Record<string, unknown>
  publish: { prompt: boolean; tool: boolean; skill?: boolean }
  message: string
  includes: WireInclude[]
  redacted_at: string | null
  etag: string
}

/** A prompt with one of its versions. */
export interface WirePrompt extends WireVersion {
  id: string
  label: string | null
  category: string | null
  tags: string[]
  aliases: string[]
  latest_version: number
  labels: { label: string; version: number }[]
}

/** The content of a version in the form that the language reads. */
export function contentOf({
  kind,
  template_content: text,
  messages,
  format,
}: Pick<WireVersion, 'kind' | 'template_content' | 'messages' | 'format'>): PromptContent {
  const literal = format === 'text' ? { format } : {}
  return kind === 'text'
    ? { kind, template_content: text ?? '', ...literal }
    : { kind, messages: messages ?? [], ...literal }
}

/**
 * The path of a prompt.
 * @throws IncipitError for what is no name: ".." would lead elsewhere
 */
export function promptPath(name: string, rest = ''): string {
  if (!isSlug(name))
    throw incipitError(
      'invalid_input',
      `"${name}" is no name of a prompt: lower-case letters, digits, "_" and "-", at most 64.`,
    )
  return `/api/prompts/${encodeURIComponent(name)}${rest}`
}

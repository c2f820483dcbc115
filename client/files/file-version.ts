import type { Json } from '#lib/liquid/json.ts'
import type { Analysis } from '#lib/liquid/types.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'
import { analyse, inferVariables } from '#lib/prompts/template.ts'
import { withPlaceholders } from '#lib/prompts/variables/messages.ts'
import { declareVariables, type VariableInput } from '#lib/prompts/variables/variables.ts'
import type { PromptFile } from '#lib/transfer/file/prompt-file.ts'
import type { WirePrompt } from '../prompts/wire.ts'

/** What a file says, as the server would keep it. */
export interface FileVersion {
  content: PromptContent
  variables: Variable[]
  config: { [key: string]: Json }
  analysis: Analysis
}

/** The content of a file; line ends are the server's. */
export function fileContent({ template_content: text, messages, format }: PromptFile): PromptContent {
  const literal = format === 'text' ? { format } : {}
  return messages === undefined
    ? { kind: 'text', template_content: text ?? '', ...literal }
    : { kind: 'chat', messages, ...literal }
}

/**
 * What the server would make of a file. Variables that it does not declare are read from the text.
 * @throws AppError unprocessable for declarations that contradict themselves
 */
export function fileVersion(prompt: PromptFile): FileVersion {
  const content = fileContent(prompt)
  const analysis = analyse(content)
  const declared =
    prompt.variables === undefined ? inferVariables(analysis) : declareVariables(declarationsOf(prompt))
  return { content, variables: withPlaceholders(declared, content), config: prompt.config ?? {}, analysis }
}

function declarationsOf({ variables = [] }: PromptFile): VariableInput[] {
  return [...variables]
}

/** The file of a version that the server told of. Labels are the server's alone: they move without a new file. */
export function fileOf(
  wire: Pick<
    WirePrompt,
    | 'name'
    | 'title'
    | 'description'
    | 'category'
    | 'tags'
    | 'aliases'
    | 'format'
    | 'variables'
    | 'config'
    | 'publish'
    | 'kind'
    | 'template_content'
    | 'messages'
  >,
): PromptFile {
  return {
    name: wire.name,
    title: wire.title,
    description: wire.description,
    ...(wire.category !== null && { category: wire.category }),
    tags: wire.tags,
    aliases: wire.aliases,
    format: wire.format,
    ...(wire.variables.length > 0 && { variables: wire.variables }),
    config: wire.config as Record<string, Json>,
    publish: wire.publish,
    ...(wire.kind === 'text'
      ? { template_content: wire.template_content ?? '' }
      : { messages: wire.messages ?? [] }),
  }
}

import { renderPrompt } from '../../prompts/operations/render-prompt.ts'
import type { ReadSelector } from '../../prompts/schema.ts'
import { type Block, toToolContent } from '../blocks.ts'
import type { Caller } from '../caller.ts'
import type { JsonObject } from '../transport/message.ts'
import { selectorOf } from '../visibility.ts'

interface RenderAsTool {
  name: string
  variables: JsonObject
  /** The tool that is counted. */
  tool: string
  named?: ReadSelector
}

/**
 * Renders a prompt as the answer of a tool: its content and nothing beside it. Half of the clients would show
 * their model structured content alone, which is the text as escaped JSON, and pictures as base64.
 */
export async function renderAsTool(
  caller: Caller,
  { name, variables, tool, named }: RenderAsTool,
): Promise<{ content: Block[]; _meta: JsonObject }> {
  const rendered = await renderPrompt(
    caller.actor,
    { name, variables, ...selectorOf(caller, named) },
    { operation: 'tool', tool },
  )
  const { version, label, checksum, receipt, warnings } = rendered
  return {
    content: toToolContent(rendered.messages, caller.revision),
    _meta: { version, label, checksum, receipt, ...(warnings.length === 0 ? {} : { warnings }) },
  }
}

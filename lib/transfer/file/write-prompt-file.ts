import type { ContentPart, PromptMessage } from '../../prompts/content/content.ts'
import type { VariableInput } from '../../prompts/variables/variables.ts'
import { writeFields } from './front-matter.ts'
import { MARKER, type PromptFile } from './prompt-file.ts'

/**
 * Writes a prompt as a file; `readPromptFile` gives the same prompt again, to the byte of its texts. What is at its
 * default is left out.
 */
export function writePromptFile(prompt: PromptFile): string {
  const { template_content = '', messages } = prompt
  const marker = messages === undefined ? MARKER : markerFor(messages)
  const head = writeFields({
    name: prompt.name,
    title: prompt.title || undefined,
    description: prompt.description || undefined,
    category: prompt.category,
    tags: unlessEmpty(prompt.tags),
    aliases: unlessEmpty(prompt.aliases),
    kind: messages === undefined ? undefined : 'chat',
    format: prompt.format === 'text' ? 'text' : undefined,
    marker: marker === MARKER ? undefined : marker,
    variables: prompt.variables?.map(writeVariable),
    config: prompt.config !== undefined && Object.keys(prompt.config).length > 0 ? prompt.config : undefined,
    publish: writePublish(prompt.publish),
    labels: prompt.labels,
    message: prompt.message || undefined,
  })
  return head + (messages === undefined ? `${template_content}\n` : writeMessages(messages, marker))
}

function unlessEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list
}

/** Without the type and the requirement that a declaration has anyway. */
function writeVariable({ name, type, required, ...rest }: VariableInput): VariableInput {
  const usual = rest.enum === undefined ? 'string' : 'enum'
  const hasDefault = rest.default !== undefined && rest.default !== null
  return {
    name,
    ...(type !== undefined && type !== usual && { type }),
    ...(required !== undefined && required === hasDefault && { required }),
    ...rest,
  }
}

/** Prompts are published as prompts, and as nothing else, unless it is said. */
function writePublish(publish: PromptFile['publish'] = {}): Record<string, boolean> | undefined {
  const said = Object.entries(publish).filter(
    ([way, value]) => value !== undefined && value !== (way === 'prompt'),
  )
  return said.length === 0 ? undefined : Object.fromEntries(said)
}

/** A marker that no line of a text begins with. */
function markerFor(messages: readonly PromptMessage[]): string {
  const lines = messages.flatMap(textsOf).flatMap((text) => text.split('\n'))
  let marker = MARKER
  while (lines.some((line) => line.startsWith(marker))) marker += MARKER.charAt(0)
  return marker
}

function textsOf(message: PromptMessage): string[] {
  if ('type' in message) return []
  const { content } = message
  if (typeof content === 'string') return [content]
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
}

function writeMessages(messages: readonly PromptMessage[], marker: string): string {
  return messages.map((message) => writeMessage(message, marker)).join('')
}

function writeMessage(message: PromptMessage, marker: string): string {
  if ('type' in message) {
    const { name, required } = message
    const said = required === undefined ? '' : required ? ' required' : ' optional'
    return `${marker} placeholder ${name}${said}\n`
  }
  const { role, content } = message
  if (typeof content === 'string') return `${marker} ${role}\n${content}\n`
  return `${marker} ${role}\n${content.map((part) => writePart(part, marker)).join('')}`
}

/** A part that is no text is JSON on its line. */
function writePart(part: ContentPart, marker: string): string {
  if (part.type !== 'text') return `${marker} part ${JSON.stringify(part)}\n`
  const { annotations } = part
  const said = annotations === undefined ? '' : ` ${JSON.stringify(annotations)}`
  return `${marker} part text${said}\n${part.text}\n`
}

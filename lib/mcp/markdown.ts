import type { Category } from '../categories/schema.ts'
import type { Message, PromptMessage } from '../prompts/content/content.ts'
import type { PromptVersion } from '../prompts/schema.ts'
import { argumentDescription } from '../prompts/variables/allowed-values.ts'

/** The common fields of prompts and versions, the source of their Markdown. */
type Source = Pick<
  PromptVersion,
  | 'name'
  | 'version'
  | 'title'
  | 'description'
  | 'checksum'
  | 'variables'
  | 'template_content'
  | 'messages'
  | 'format'
  | 'includes'
> & {
  latest_version?: number
  category?: string | null
  labels: (string | { label: string; version: number })[]
}

/** The source of a prompt for people and models to read. */
export function promptMarkdown(source: Source): string {
  return [
    `# ${source.title === '' ? source.name : source.title}`,
    source.description,
    facts(source),
    variableList(source),
    content(source),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function facts(source: Source): string {
  const { name, version, latest_version: latest, category, labels, checksum, includes, format } = source
  const newest = latest === undefined || latest === version ? '' : ` (the newest is ${latest})`
  const named = labels.map((each) => (typeof each === 'string' ? each : `${each.label} → ${each.version}`))
  return [
    `- Name: \`${name}\``,
    `- Version: ${version}${newest}`,
    ...(category === undefined || category === null ? [] : [`- Category: ${category}`]),
    ...(named.length === 0 ? [] : [`- Labels: ${named.join(', ')}`]),
    ...(includes.length === 0
      ? []
      : [`- Includes: ${includes.map((each) => `${each.name}@${each.version}`).join(', ')}`]),
    ...(format === 'text' ? ['- Format: text (literal: sent as it stands, without variables)'] : []),
    `- Checksum: ${checksum}`,
  ].join('\n')
}

function variableList({ variables }: Source): string {
  if (variables.length === 0) return ''
  const lines = variables.map((variable) => {
    const kind = [variable.type, variable.required ? 'required' : 'optional']
    const about = argumentDescription(variable)
    return `- \`${variable.name}\` (${kind.join(', ')})${about === undefined ? '' : `: ${about}`}`
  })
  return ['## Variables', lines.join('\n')].join('\n\n')
}

function content({ template_content: text, messages, format }: Source): string {
  if (text !== undefined) return ['## Template', fenced(text, format)].join('\n\n')
  const list = (messages ?? []).map((message) => messageMarkdown(message, format))
  return ['## Messages', ...list].join('\n\n')
}

function messageMarkdown(message: PromptMessage, format: Source['format']): string {
  if ('type' in message) {
    const need = message.required === false ? 'optional' : 'required'
    return `### placeholder\n\nMessages that are given as \`${message.name}\` (${need})`
  }
  const { role, content: parts } = message
  const heading = `### ${role}`
  if (typeof parts === 'string') return [heading, fenced(parts, format)].join('\n\n')
  const blocks = parts.map((part) =>
    part.type === 'text'
      ? fenced(part.text, format)
      : fenced(JSON.stringify(shortened(part), undefined, 2), 'json'),
  )
  return [heading, ...blocks].join('\n\n')
}

type Part = Exclude<Message['content'], string>[number]

/**
 * Pictures, sounds and files are told by their size: nobody reads base64. What stands in its place is no base64,
 * so that a version is refused which somebody makes of it.
 */
function shortened(part: Part): Part {
  if (part.type === 'image' || part.type === 'audio') return { ...part, data: sizeOf(part.data) }
  if (part.type !== 'resource' || part.resource.blob === undefined) return part
  return { ...part, resource: { ...part.resource, blob: sizeOf(part.resource.blob) } }
}

function sizeOf(base64: string): string {
  return `(${Buffer.byteLength(base64, 'base64')} bytes)`
}

/** Messages as agents read them in data: with the size of pictures in their place. */
export function withoutBytes(messages: readonly PromptMessage[]): PromptMessage[] {
  return messages.map((message) =>
    'content' in message && typeof message.content !== 'string'
      ? { ...message, content: message.content.map(shortened) }
      : message,
  )
}

/** A fence longer than every run of backticks inside it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`
}

/** A category with the names of the prompts that a reader sees. */
export function categoryMarkdown(
  category: Pick<Category, 'name' | 'description'>,
  prompts: { name: string; title: string }[],
  hasMore: boolean,
): string {
  const lines = prompts.map(({ name, title }) => `- \`${name}\`${title === '' ? '' : `: ${title}`}`)
  if (hasMore) lines.push('- … and more: search_prompts lists them.')
  return [`# ${category.name}`, category.description, lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
}

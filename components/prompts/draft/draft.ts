import type { VersionFields } from '#components/changes/version-fields.ts'
import type { Json } from '#lib/liquid/json.ts'
import type { Variable, VariableType } from '#lib/liquid/variable.ts'
import type {
  ContentPart,
  Format,
  Message,
  PromptContent,
  PromptMessage,
} from '#lib/prompts/content/content.ts'
import { placeholdersOf, withFormat } from '#lib/prompts/content/content-fields.ts'
import type { Publish } from '#lib/prompts/schema.ts'
import { withPlaceholders } from '#lib/prompts/variables/messages.ts'

/**
 * The state of the editor. It differs from a saved version in two ways: rows have an id of their own, by
 * which they are moved and found again, and a typed value stays text until it is read as its type.
 */
export interface Draft {
  kind: 'text' | 'chat'
  format: Format
  text: string
  messages: readonly DraftMessage[]
  variables: readonly VariableRow[]
  /** JSON text. */
  config: string
  title: string
  description: string
  publish: Publish
}

export interface DraftMessage {
  id: string
  role: Message['role']
  content: string | ContentPart[]
  /** Present where messages are given at render time; role and content say nothing then. */
  placeholder?: { name: string; required: boolean }
}

/** A declared variable as its form shows it; an empty text is no value, `undefined` neither. */
export interface VariableRow {
  id: string
  name: string
  type: VariableType
  required: boolean
  description: string
  default: string | undefined
  /** The allowed values, one a line. */
  enum: string
  pattern: string
  min: string
  max: string
  example: string | undefined
}

/** @param id makes ids; the same for the server and the browser, so that both render the same */
export function draftOf(fields: VersionFields, id: (key: string) => string = (key) => key): Draft {
  const { content, variables, config, title, description, publish } = fields
  return {
    kind: content.kind,
    format: content.format ?? 'liquid',
    text: content.kind === 'text' ? content.template_content : '',
    messages:
      content.kind === 'chat'
        ? content.messages.map((message, index) => draftMessage(message, id(`m${index}`)))
        : [],
    variables: variables.map((variable, index) => rowOf(variable, id(`v${index}`))),
    config: Object.keys(config).length === 0 ? '' : JSON.stringify(config, null, 2),
    title,
    description,
    publish: { ...publish },
  }
}

function draftMessage(message: PromptMessage, id: string): DraftMessage {
  if (!('type' in message)) return { id, ...message }
  const { name, required = true } = message
  return { id, role: 'user', content: '', placeholder: { name, required } }
}

function promptMessage({ role, content, placeholder }: DraftMessage): PromptMessage {
  if (placeholder === undefined) return { role, content }
  const { name, required } = placeholder
  return { type: 'placeholder', name, ...(required ? {} : { required }) }
}

export function rowOf(variable: Variable, id: string): VariableRow {
  const { name, type, required, description = '', pattern = '', min, max } = variable
  return {
    id,
    name,
    type,
    required,
    description,
    default: variable.default === undefined ? undefined : asText(variable.default),
    enum: (variable.enum ?? []).join('\n'),
    pattern,
    min: min === undefined ? '' : String(min),
    max: max === undefined ? '' : String(max),
    example: variable.example === undefined ? undefined : asText(variable.example),
  }
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** The draft as a version would say it. A config that is no JSON object counts as empty: see configProblem. */
export function fieldsOfDraft(draft: Draft): VersionFields {
  const content = contentOf(draft)
  return {
    content,
    variables: variablesOf(draft, content),
    config: readConfig(draft.config) ?? {},
    title: draft.title,
    description: draft.description,
    publish: draft.publish,
  }
}

function contentOf({ kind, format, text, messages }: Draft): PromptContent {
  return withFormat(
    kind === 'text' ? { kind, template_content: text } : { kind, messages: messages.map(promptMessage) },
    format,
  )
}

/** A placeholder is a variable, too; a literal text has no others. */
function variablesOf(draft: Draft, content: PromptContent): Variable[] {
  const placeholders = new Set(placeholdersOf(content).map(({ name }) => name))
  const declared = draft.variables
    .map(variableOf)
    .filter(({ name, type }) => (type === 'messages' ? placeholders.has(name) : content.format !== 'text'))
  return withPlaceholders(declared, content)
}

/** The declaration of a row: a value that does not parse as its type stays text, which the check reports. */
function variableOf(row: VariableRow): Variable {
  const choices = row.enum.split('\n').filter((line) => line.trim() !== '')
  const takesChoices = row.type === 'enum' || row.type === 'string'
  const takesBounds = row.type !== 'boolean' && row.type !== 'object' && row.type !== 'enum'
  return {
    name: row.name,
    type: row.type,
    required: row.required,
    ...(row.description === '' ? {} : { description: row.description }),
    ...(row.default === undefined ? {} : { default: typed(row.type, row.default) }),
    ...(takesChoices && choices.length > 0 ? { enum: choices } : {}),
    ...(row.type === 'string' && row.pattern !== '' ? { pattern: row.pattern } : {}),
    ...(takesBounds && row.min.trim() !== '' ? { min: Number(row.min) } : {}),
    ...(takesBounds && row.max.trim() !== '' ? { max: Number(row.max) } : {}),
    ...(row.example === undefined ? {} : { example: typed(row.type, row.example) }),
  }
}

function typed(type: VariableType, text: string): Json {
  if (type === 'string' || type === 'enum') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** The config; undefined when the text is no JSON object. */
export function readConfig(text: string): { [key: string]: Json } | undefined {
  if (text.trim() === '') return {}
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Where a text of the content is, as the template module says it. */
export type FieldPath = readonly (string | number)[]

/** The text at a path of the content; undefined when there is none. */
export function textAt(draft: Draft, path: FieldPath): string | undefined {
  if (path[0] === 'template_content') return draft.kind === 'text' ? draft.text : undefined
  const content = draft.messages[Number(path[1])]?.content
  if (typeof content === 'string') return path.length === 3 ? content : undefined
  const part = content?.[Number(path[3])]
  if (part?.type === 'resource_link') return path[4] === 'uri' ? part.uri : undefined
  return part?.type === 'text' && path[4] === 'text' ? part.text : undefined
}

/** Whether a version made of the draft would say something else than these fields. */
export function differs(draft: Draft, base: VersionFields): boolean {
  // A text that is no JSON yet is a change, too.
  if (readConfig(draft.config) === undefined) return true
  return canonical(fieldsOfDraft(draft)) !== canonical(fieldsOfDraft(draftOf(base)))
}

function canonical(fields: VersionFields): string {
  return JSON.stringify(fields, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
}

/** Which parts of a version a draft changes, in words. */
export function changedParts(draft: Draft, base: VersionFields): string[] {
  const mine = fieldsOfDraft(draft)
  const was = fieldsOfDraft(draftOf(base))
  const parts: [string, unknown, unknown][] = [
    [mine.content.kind === 'text' ? 'text' : 'messages', mine.content, was.content],
    ['variables', mine.variables, was.variables],
    ['configuration', mine.config, was.config],
    ['title', mine.title, was.title],
    ['description', mine.description, was.description],
    ['publishing', mine.publish, was.publish],
  ]
  return parts
    .filter(([, left, right]) => JSON.stringify(left) !== JSON.stringify(right))
    .map(([name]) => name)
}

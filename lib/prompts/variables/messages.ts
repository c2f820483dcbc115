import { isJsonObject, type Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { Message, PromptContent } from '../content/content.ts'
import { type PlaceholderField, placeholdersOf } from '../content/content-fields.ts'

/** What is given for a placeholder, in words for people and agents. */
export const MESSAGES_RULE =
  'a list of messages [{"role": "user", "content": "…"}], JSON text of one, or a plain text, which is one message of the user'

const ROLES: ReadonlySet<unknown> = new Set<Message['role']>(['system', 'user', 'assistant'])

/** JSON Schema of one message of a placeholder. */
export const MESSAGE_SCHEMA: { [key: string]: Json } = {
  type: 'object',
  properties: {
    role: { type: 'string', enum: ['system', 'user', 'assistant'] },
    content: { type: 'string' },
  },
  required: ['role', 'content'],
  additionalProperties: false,
}

/**
 * Reads the value of a placeholder: a list of messages, the JSON text of one, or a plain text.
 * @returns the messages, or what is wrong with them
 */
export function readMessages(raw: unknown): { value: Json[] } | { problem: string } {
  if (typeof raw === 'string') {
    const problem = brokenMessages(raw)
    if (problem !== undefined) return { problem }
  }
  const given = typeof raw === 'string' ? fromText(raw) : raw
  if (!Array.isArray(given)) return { problem: `must be ${MESSAGES_RULE}` }
  const wrong = given.findIndex((item) => !isMessage(item))
  if (wrong < 0) return { value: given as Json[] }
  const rule = '{"role": "system", "user" or "assistant", "content": a text, or a list of text parts}'
  return { problem: `must hold messages: number ${wrong + 1} is no ${rule}` }
}

/** Begins like messages that a program wrote, and as no sentence does: [{"role… or {"role… */
const LIKE_MESSAGES = /^\s*(?:\[\s*\{\s*(?:["'}]|\w+\s*:|$)|\{\s*["']?(?:role\b|messages["']?\s*:\s*\[))/

/**
 * What is wrong with a text that was plainly meant as messages and is no list of them. As the words of the user it
 * would send JSON to a model, and nobody would notice.
 */
function brokenMessages(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  const value = parsed(text)
  if (value === undefined)
    return LIKE_MESSAGES.test(text)
      ? `starts like JSON messages and is no JSON: give ${MESSAGES_RULE}`
      : undefined
  if (!isJsonObject(value)) return undefined
  if (ROLES.has(value.role))
    return 'is one message alone: give a list of messages, [{"role": …, "content": …}]'
  return Array.isArray(value.messages) ? 'is an object that holds messages: give the list alone' : undefined
}

/** Only a text that is a JSON list stands for one; all others are what the user says. */
function fromText(text: string): unknown {
  if (text === '') return []
  const value = /^\s*\[/.test(text) ? parsed(text) : undefined
  return Array.isArray(value) ? value : [{ role: 'user', content: text }]
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text.trim()) as Json
  } catch {
    return undefined
  }
}

function isMessage(item: unknown): boolean {
  if (!isJsonObject(item as Json)) return false
  const { role, content, ...rest } = item as { [key: string]: Json }
  if (!ROLES.has(role) || Object.keys(rest).length > 0) return false
  if (typeof content === 'string') return true
  return Array.isArray(content) && content.length > 0 && content.every(isTextPart)
}

function isTextPart(part: Json): boolean {
  if (!isJsonObject(part)) return false
  return Object.keys(part).length === 2 && part.type === 'text' && typeof part.text === 'string'
}

/**
 * The variables of a content with one for each placeholder: as it was declared, else as the placeholder
 * tells. Whether messages must be given is the placeholder's to say.
 */
export function withPlaceholders(variables: readonly Variable[], content: PromptContent): Variable[] {
  const placeholders = new Map(placeholdersOf(content).map((each) => [each.name, each]))
  const declared = variables.map((variable) => {
    const placeholder = placeholders.get(variable.name)
    placeholders.delete(variable.name)
    return placeholder?.required === undefined ? variable : { ...variable, required: placeholder.required }
  })
  return [...declared, ...[...placeholders.values()].map(declaredBy)]
}

function declaredBy({ name, required = true }: PlaceholderField): Variable {
  return { name, type: 'messages', required }
}

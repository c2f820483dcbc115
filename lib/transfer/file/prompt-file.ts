import type { Json } from '../../liquid/json.ts'
import type { PromptMessage } from '../../prompts/content/content.ts'
import type { Publish } from '../../prompts/schema.ts'
import type { VariableInput } from '../../prompts/variables/variables.ts'

/**
 * A prompt as a file: YAML front matter between two lines `---`, and then its text, byte for byte. A chat has a line
 * that begins with a marker before each message. Nothing here needs Node: the client and the browser read the same.
 */

/** What a file says. `name` is all that a file always has; what is left out is at its default. */
export interface PromptFile {
  name: string
  title?: string
  description?: string
  /** Slug. */
  category?: string
  tags?: string[]
  aliases?: string[]
  format?: 'liquid' | 'text'
  /** Left out: read from the text. */
  variables?: VariableInput[]
  config?: Record<string, Json>
  publish?: Partial<Publish>
  /** Left out: `production` for a new prompt, nothing for one that is there; empty: none. */
  labels?: string[]
  message?: string
  /** Of a prompt of one text. */
  template_content?: string
  /** Of a chat, in place of the text. */
  messages?: PromptMessage[]
}

/** A file cannot be read; `line` counts from 1. */
export class PromptFileError extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.name = 'PromptFileError'
    this.line = line
  }
}

/** Fields of the front matter, in the order in which they are written. */
export const FIELDS = [
  'name',
  'title',
  'description',
  'category',
  'tags',
  'aliases',
  'kind',
  'format',
  'marker',
  'variables',
  'config',
  'publish',
  'labels',
  'message',
] as const

/** What marker lines begin with, unless a text has a line that does. */
export const MARKER = '@@@'

import type { VariableInput } from '../../prompts/variables/variables.ts'
import type { SourceNote } from '../source.ts'

/** Template languages that texts are converted from. */
export type SourceLanguage =
  | 'f-string'
  | 'python-format'
  | 'mustache'
  | 'handlebars'
  | 'dotprompt'
  | 'jinja2'
  | 'nunjucks'
  | 'semantic-kernel'
  | 'double-braces'
  | 'liquid'
  | 'none'

/** A text in Liquid, or literal where its source has no templates or says what Liquid cannot. */
export interface ConvertedText {
  text: string
  format: 'liquid' | 'text'
  /** What the source tells of the variables, in the order in which they stand. */
  variables: VariableInput[]
  /** What changed its meaning or was left out; lines of `text` as it was given. */
  notes: SourceNote[]
}

/** A text that says what cannot be said here; the notes name each place. */
export interface RefusedText {
  refused: SourceNote[]
}

/** Parts of a text that is a chat in one piece (`{{role "user"}}`), in their order. */
export interface ConvertedMessages {
  messages: ({ role: 'system' | 'user' | 'assistant'; text: string } | { placeholder: string })[]
  format: 'liquid' | 'text'
  variables: VariableInput[]
  notes: SourceNote[]
}

export type Convert = (
  text: string,
  language: SourceLanguage,
  partials: ReadonlyMap<string, string>,
) => ConvertedText | ConvertedMessages | RefusedText

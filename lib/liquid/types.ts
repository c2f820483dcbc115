import type { ErrorDetail, TextRange } from '../errors.ts'
import type { ValueLimits } from './value-size.ts'
import type { Variable } from './variable.ts'

/** A text in which variables work, and where it is in the content. */
export interface TemplateField {
  path: (string | number)[]
  text: string
}

/** Where in a content something stands: the field's path, and the span in that field's text. */
export interface Place {
  path: (string | number)[]
  range: TextRange
}

/** A variable that the texts use. */
export interface UsedVariable {
  name: string
  places: Place[]
  /** It may be nil: a condition tests it, it has a default somewhere, or only some branches use it. */
  optional: boolean
  /**
   * What the uses tell about its type: iterated → array, members read → object, counted with or compared
   * with a number → number, only asked whether it is true → boolean, a placeholder → messages, else string.
   */
  type: 'string' | 'number' | 'boolean' | 'array' | 'object' | 'messages'
}

/** One `{% render %}` tag. */
export interface IncludeUse extends Place {
  /** The reference as it is written: `other` or `other@3`. */
  ref: string
  name: string
  version?: number
  /** Names of what is passed to the included text. */
  args: string[]
}

/** What can be known about a content without rendering it. */
export interface Analysis {
  variables: UsedVariable[]
  includes: IncludeUse[]
  filters: string[]
  /** Variables that are only written as JSON: they take a value of any type. */
  jsonOnly: ReadonlySet<string>
  /** What makes the content unusable; empty when it is fine. */
  problems: ErrorDetail[]
}

/**
 * A prompt that a text includes, pinned to a version. The map's key is the reference as written in the
 * including text (`other` or `other@3`); a reference means something only inside the text that holds it,
 * because each version pins its own, so the closure is a tree: `includes` belongs to `text`.
 * The same `name`@`version` may be one shared object. It is plain data that can be sent to a worker.
 */
export interface IncludedPrompt {
  name: string
  version: number
  /** The template text of the pinned version; only prompts of kind text can be included. */
  text: string
  /** Present for a literal text. */
  format?: 'text'
  /** Its declared variables: defaults apply to what is not passed. */
  variables: readonly Variable[]
  includes: IncludeTree
}
export type IncludeTree = ReadonlyMap<string, IncludedPrompt>

/** How far one render may go. */
export interface TemplateLimits {
  /** Work units; a unit is about 10 ns. The same input always uses the same amount. */
  work: number
  /** Bytes of output in UTF-8. */
  output: number
  /** Milliseconds by the clock: the last resort, looked at between tags and filters. */
  timeMs: number
  values: ValueLimits
  texts: TextLimits
}

/** What texts may hold when they are saved, or run as drafts. */
export interface TextLimits {
  /** Tags and outputs of one text. */
  tags: number
  /** Levels of tags in tags. */
  depth: number
  /** How many texts may be nested: what a prompt includes, what that includes, and so on. */
  includeDepth: number
}

export interface Warning {
  code: string
  message: string
  path?: (string | number)[]
  range?: TextRange
  /** What to write instead. */
  hint?: string
}

import type { Span } from '../syntax.ts'

/** One change of a text: what stands from `from` to `to` becomes `insert`. Offsets in UTF-16 units. */
export interface TextEdit {
  from: number
  to: number
  insert: string
}

/** A message that a text is split into. */
export interface SplitMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** A change that an author can have at the press of a button. */
export interface Fix {
  /** What the button says. */
  label: string
  /** In the order of the text; none overlaps another. */
  edits?: TextEdit[]
  /** Instead of edits: the text prompt becomes a chat prompt of these messages. */
  messages?: SplitMessage[]
}

/** A construct of another language in one text, with every place of it. */
export interface Finding {
  /** The row of the table, such as `f_string`. */
  code: string
  /** Where it stands, in the order of the text; at least one. */
  places: Span[]
  /** What was seen. */
  message: string
  /** What to write instead. */
  hint: string
  /** It is legal here and means something else, so that its author is to be warned. */
  warns: boolean
  fix?: Fix
}

/** The text after edits, which are in its order. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let made = ''
  let at = 0
  for (const { from, to, insert } of edits) {
    made += text.slice(at, from) + insert
    at = to
  }
  return made + text.slice(at)
}

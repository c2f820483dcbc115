import type { Piece } from './pieces.ts'

/** What a row's pattern found inside one pair of braces. */
export interface Match {
  piece: Piece
  /** The inside as it is written. */
  source: string
  /** The groups of the pattern as they are written, the whole match first; '' for one that took no part. */
  groups: string[]
}

/** One construct of another language that stands in `{{ }}` or `{% %}`. */
export interface Row {
  code: string
  /** The language that it belongs to, as its users name it. */
  dialect: string
  in: Piece['kind']
  /** Over the inside, in which quoted characters are replaced; with the flag `d`. */
  pattern: RegExp
  /** What was seen, when that is not the construct as it is written. */
  seen?: (match: Match) => string
  write: (match: Match) => string
  /** It is legal here, so that nobody would tell its author. */
  warns?: boolean
  fix?: {
    label: string
    /** The new inside, or with `whole` what takes the place of braces and all; undefined: not this one. */
    make: (match: Match) => string | undefined
    whole?: boolean
  }
}

/** Puts the inside between braces and `raw` around them. */
export const WRAP_IN_RAW = 'Wrap in raw'

export function firstGroup({ groups }: Match): string {
  return groups[1] ?? ''
}

/** Whether a text is a name or a path of names, a number or a quoted text: what can stand as one value. */
export function isValue(text: string): boolean {
  return /^(?:[A-Za-z]\w*(?:\.\w+|\[(?:\d+|"[^"]*"|'[^']*')\])*|-?\d+(?:\.\d+)?|"[^"]*"|'[^']*')$/.test(text)
}

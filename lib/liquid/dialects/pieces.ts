import { isVerbatim, type Mark, Marks, markOf, tagName, trimmed, verbatimEnd } from '../lexer.ts'
import { BLANK } from './code-blocks.ts'

/** One `{{ … }}` or `{% … %}`, cut as the engine cuts it. */
export interface Piece {
  kind: 'output' | 'tag'
  start: number
  end: number
  /** What stands between the braces and dashes, without white space at both ends. */
  inner: [number, number]
  /** The inside, with every quoted character replaced, so that offsets hold; empty when it is too long. */
  code: string
}

/** A text cut into what is read and what is sent. */
export interface Cut {
  text: string
  pieces: Piece[]
  /** The text with `raw` and comments blanked, so that offsets hold. */
  read: string
  /** The text with everything in braces blanked, too. */
  prose: string
}

const QUOTED = '\u00B7'
/** A longer inside is no mistake of one construct. */
const LONGEST_CODE = 400
/** Enough to tell what a text is written in. */
const MOST_PIECES = 2_000

/** Cuts a text without ever failing: behind a mark that is not closed everything is prose. Linear in time. */
export function cut(text: string): Cut {
  const pieces: Piece[] = []
  const blanked: [number, number][] = []
  const marks = new Marks(text)
  let at = 0
  while (pieces.length < MOST_PIECES) {
    const mark = withComment(text, marks.next(at))
    if (mark === undefined || mark.end < 0) break
    at = mark.end
    const name = mark.kind === 'tag' ? tagName(text, mark.from).name : ''
    if (name !== '#' && !isVerbatim(name)) pieces.push(pieceOf(text, mark))
    else {
      if (name !== '#') at = verbatimEnd(text, name, mark.end)?.[1] ?? text.length
      blanked.push([mark.start, at])
    }
  }
  const read = blank(text, blanked)
  return { text, pieces, read, prose: blank(read, pieces.map(spanOf)) }
}

function spanOf({ start, end }: Piece): [number, number] {
  return [start, end]
}

/** A comment of Handlebars, which the engine refuses, may hold braces. */
function withComment(text: string, mark: Mark | undefined): Mark | undefined {
  if (mark === undefined || !text.startsWith('{{!--', mark.start)) return mark
  const comment = text.indexOf('--}}', mark.start + 5)
  return comment < 0 ? mark : markOf(text, 'output', mark.start, comment + 2)
}

function pieceOf(text: string, { kind, start, end, from, to }: Mark): Piece {
  const inner = trimmed(text, from, to)
  const code = inner[1] - inner[0] > LONGEST_CODE ? '' : withoutQuoted(text.slice(...inner))
  return { kind, start, end, inner, code }
}

function withoutQuoted(code: string): string {
  return code.replace(
    /"[^"]*"|'[^']*'/g,
    (quoted) => quoted.charAt(0) + QUOTED.repeat(quoted.length - 2) + quoted.charAt(0),
  )
}

function blank(text: string, spans: readonly [number, number][]): string {
  let made = ''
  let at = 0
  for (const [start, end] of spans) {
    made += text.slice(at, start) + BLANK.repeat(end - start)
    at = end
  }
  return made + text.slice(at)
}

import { outputEnd } from '../output-end.ts'
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
const VERBATIM = /\s*(raw|comment|#)/y

/** Cuts a text without ever failing: behind a mark that is not closed everything is prose. Linear in time. */
export function cut(text: string): Cut {
  const pieces: Piece[] = []
  const blanked: [number, number][] = []
  let at = 0
  while (pieces.length < MOST_PIECES) {
    const begin = nextMark(text, at)
    if (begin < 0) break
    const piece = pieceAt(text, begin)
    if (piece === undefined) break
    at = piece.end
    const verbatim = piece.kind === 'tag' ? verbatimName(text, piece) : undefined
    if (verbatim === undefined) pieces.push(piece)
    else {
      if (verbatim !== '#') at = endOfVerbatim(text, verbatim, piece.end)
      blanked.push([begin, at])
    }
  }
  const read = blank(text, blanked)
  return { text, pieces, read, prose: blank(read, pieces.map(spanOf)) }
}

function spanOf({ start, end }: Piece): [number, number] {
  return [start, end]
}

function nextMark(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    const next = text[at + 1]
    if (next === '{' || next === '%') return at
  }
  return -1
}

function pieceAt(text: string, start: number): Piece | undefined {
  const kind = text[start + 1] === '{' ? 'output' : 'tag'
  const close = kind === 'output' ? endOfOutput(text, start) : text.indexOf('%}', start + 2)
  if (close < 0) return undefined
  const from = text[start + 2] === '-' && start + 2 < close ? start + 3 : start + 2
  const to = text[close - 1] === '-' && close - 1 >= from ? close - 1 : close
  const inside = text.slice(from, to)
  const first = from + inside.length - inside.trimStart().length
  const last = Math.max(first, from + inside.trimEnd().length)
  const code = last - first > LONGEST_CODE ? '' : withoutQuoted(text.slice(first, last))
  return { kind, start, end: close + 2, inner: [first, last], code }
}

/** A comment of Handlebars, which the engine refuses, may hold braces. */
function endOfOutput(text: string, start: number): number {
  const comment = text.startsWith('{{!--', start) ? text.indexOf('--}}', start + 5) : -1
  return comment < 0 ? outputEnd(text, start + 2) : comment + 2
}

function withoutQuoted(code: string): string {
  return code.replace(
    /"[^"]*"|'[^']*'/g,
    (quoted) => quoted.charAt(0) + QUOTED.repeat(quoted.length - 2) + quoted.charAt(0),
  )
}

function verbatimName(text: string, { inner }: Piece): string | undefined {
  VERBATIM.lastIndex = inner[0]
  return VERBATIM.exec(text)?.[1]
}

function endOfVerbatim(text: string, name: string, from: number): number {
  const end = name === 'raw' ? /\{%-?\s*endraw\s*-?%\}/g : /\{%-?\s*endcomment\s*-?%\}/g
  end.lastIndex = from
  return end.test(text) ? end.lastIndex : text.length
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

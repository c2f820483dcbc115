import {
  isClosed,
  type Token as LexedToken,
  type Mark,
  Marks,
  tagName,
  tokensOf,
  verbatimEnd,
} from '#lib/liquid/lexer.ts'

/**
 * Splits a template for display. It only colours: what a template means, and whether it is right, is
 * told by the template module. Nothing is lost, the texts of all tokens together are the input.
 */

export type TokenKind =
  /** What is written out as it stands. */
  | 'text'
  /** `{{`, `%}` and the like. */
  | 'mark'
  /** A tag's or filter's name, and the words of the language. */
  | 'word'
  /** The name of a declared variable. */
  | 'variable'
  | 'string'
  /** Anything else inside braces. */
  | 'other'
  | 'comment'

export interface Token {
  kind: TokenKind
  text: string
}

const WORDS: ReadonlySet<string> = new Set(
  `and or not contains in nil null true false empty blank with for as reversed limit offset`.split(' '),
)

type Push = (kind: TokenKind, start: number, end: number) => void

/** @param variables names that are declared; others are not coloured as variables */
export function liquidTokens(text: string, variables: ReadonlySet<string>): Token[] {
  const tokens: Token[] = []
  const push: Push = (kind, start, end) => {
    if (end > start) tokens.push({ kind, text: text.slice(start, end) })
  }
  const marks = new Marks(text, true)
  let at = 0
  for (let mark = marks.next(0); mark; mark = marks.next(at)) {
    const { kind, start, end, from, to } = mark
    push('text', at, start)
    push('mark', start, from)
    pushInside(push, text, mark, variables)
    push('mark', to, end)
    at = end
    const name = kind === 'tag' ? tagName(text, from).name : ''
    if (name === 'raw' || name === 'comment') {
      at = verbatimEnd(text, name, end)?.[0] ?? text.length
      push(name === 'raw' ? 'text' : 'comment', end, at)
    }
  }
  push('text', at, text.length)
  return tokens
}

function pushInside(
  push: Push,
  text: string,
  { kind, from, to }: Mark,
  variables: ReadonlySet<string>,
): void {
  // The name of a tag or filter is next.
  let isNameNext = kind === 'tag'
  let at = from
  for (const token of tokensOf(text, from, to)) {
    const { start, end } = token
    const colour = colourOf(token, text, isNameNext, variables)
    if (token.kind === 'word') isNameNext = false
    else if (text[start] === '|') isNameNext = true
    if (token.kind !== 'word' && colour === 'other') continue
    push('other', at, start)
    push(colour, start, end)
    at = end
  }
  push('other', at, to)
}

function colourOf(
  token: LexedToken,
  text: string,
  isNameNext: boolean,
  variables: ReadonlySet<string>,
): TokenKind {
  if (token.kind === 'string') return isClosed(text, token) ? 'string' : 'other'
  if (token.kind !== 'word') return 'other'
  const word = text.slice(token.start, token.end)
  return isNameNext || WORDS.has(word) ? 'word' : variables.has(word) ? 'variable' : 'other'
}

/** The same tokens line by line, without the line ends. */
export function tokenLines(tokens: readonly Token[]): Token[][] {
  let line: Token[] = []
  const lines = [line]
  for (const { kind, text } of tokens) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) {
        line = []
        lines.push(line)
      }
      if (part !== '') line.push({ kind, text: part })
    }
  }
  return lines
}

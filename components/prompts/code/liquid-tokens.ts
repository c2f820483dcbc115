import { outputEnd } from '#lib/liquid/output-end.ts'

/**
 * Splits a template for display. It only colours: the template module tells the meaning and the errors of
 * a template. Nothing is lost, the texts of all tokens together are the input.
 */

export type TokenKind =
  /** A text that is written out as it stands. */
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

const INSIDE = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|[A-Za-z_][\w-]*|[^A-Za-z_"']+|["']/g
const VERBATIM = { raw: /\{%-?\s*endraw\s*-?%\}/g, comment: /\{%-?\s*endcomment\s*-?%\}/g } as const

const WORDS: ReadonlySet<string> = new Set(
  `and or not contains in nil null true false empty blank with for as reversed limit offset`.split(' '),
)

/** @param variables names that are declared; others are not coloured as variables */
export function liquidTokens(text: string, variables: ReadonlySet<string>): Token[] {
  const tokens: Token[] = []
  const push = (kind: TokenKind, part: string | undefined) => {
    if (part) tokens.push({ kind, text: part })
  }
  const closings = { '{{': '}}', '{%': '%}' } as const
  // Once a closing brace is not found, there is none further on either: each is looked for in vain once.
  const missing = new Set<string>()
  // As in the template engine, braces within quotes do not close an output. A quote that is still open while
  // the author types leaves the rest of the text as it was.
  let isQuoteOpen = false
  const endOfMark = (from: number, closing: string) => {
    const stop = closing === '}}' && !isQuoteOpen ? outputEnd(text, from) : -1
    isQuoteOpen ||= closing === '}}' && stop < 0
    return stop < 0 ? text.indexOf(closing, from) : stop
  }
  let end = 0
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const opening = text.slice(at, at + 2)
    const closing = opening === '{{' || opening === '{%' ? closings[opening] : undefined
    const stop = closing === undefined || missing.has(closing) ? -1 : endOfMark(at + 2, closing)
    if (closing === undefined || stop < 0) {
      if (closing) missing.add(closing)
      at++
      continue
    }
    push('text', text.slice(end, at))
    const left = text[at + 2] === '-' && at + 2 < stop ? 3 : 2
    const right = text[stop - 1] === '-' && stop - 1 >= at + left ? 1 : 0
    const inside = text.slice(at + left, stop - right)
    push('mark', text.slice(at, at + left))
    pushInside(push, inside, opening === '{%', variables)
    push('mark', text.slice(stop - right, stop + 2))
    end = stop + 2
    const name = opening === '{%' ? inside.trim() : ''
    if (name === 'raw' || name === 'comment') {
      const rest = endOf(text, end, VERBATIM[name])
      push(name === 'raw' ? 'text' : 'comment', text.slice(end, rest))
      end = rest
    }
    at = end
  }
  push('text', text.slice(end))
  return tokens
}

function endOf(text: string, from: number, closing: RegExp): number {
  closing.lastIndex = from
  return closing.exec(text)?.index ?? text.length
}

function pushInside(
  push: (kind: TokenKind, part: string) => void,
  inside: string,
  isTag: boolean,
  variables: ReadonlySet<string>,
): void {
  let namesNext = isTag
  for (const [part] of inside.matchAll(INSIDE)) {
    if (part.length > 1 && (part.startsWith('"') || part.startsWith("'"))) push('string', part)
    else if (/^[A-Za-z_]/.test(part)) {
      push(namesNext || WORDS.has(part) ? 'word' : variables.has(part) ? 'variable' : 'other', part)
      namesNext = false
    } else {
      push('other', part)
      if (part.trimEnd().endsWith('|')) namesNext = true
    }
  }
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

import type { Flavor } from './flavor.ts'

export interface Token {
  kind: 'name' | 'string' | 'number' | 'sign'
  text: string
  at: number
}
export interface TextMark {
  mark: 'text'
  text: string
}
export interface CodeMark {
  mark: 'output' | 'tag'
  at: number
  end: number
  tokens: Token[]
}
export interface CommentMark {
  mark: 'comment'
  text: string
}
export type Mark = TextMark | CodeMark | CommentMark

const SPACE = /\s+/y
const TOKENS: readonly [Token['kind'], RegExp][] = [
  ['name', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['number', /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['string', /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y],
  ['sign', /===|!==|\*\*|\/\/|==|!=|>=|<=|[-+*/%~|.,:()[\]{}<>=]/y],
]
const MOST_TOKENS = 2_000
/** Tokens of braces that hold nothing readable: a text with more is made of braces, and the rest of them stay. */
const MOST_WASTED = 1_000_000

/**
 * Splits a template of Jinja or Nunjucks at its braces, and settles the white space around them.
 * @param stray hears of braces that hold nothing readable; they are text
 */
export function scan(text: string, flavor: Flavor, stray: (at: number) => void): Mark[] {
  return new Scanner(text, flavor, stray).run()
}

class Scanner {
  readonly #text: string
  readonly #flavor: Flavor
  readonly #stray: (at: number) => void
  readonly #marks: Mark[] = []
  /** Behind the last mark. */
  #from = 0
  /** What the last mark drops of the text behind it. */
  #drop: 'nothing' | 'all' | 'line' = 'nothing'
  /** Ends that no longer come: they are searched to the end of the text once. */
  readonly #missing = new Set<string>()
  #wasted = 0

  constructor(text: string, flavor: Flavor, stray: (at: number) => void) {
    // One line break at the end is no part of a template of Jinja.
    this.#text = flavor.dropsLastBreak && text.endsWith('\n') ? text.slice(0, -1) : text
    this.#flavor = flavor
    this.#stray = stray
  }

  run(): Mark[] {
    const text = this.#text
    for (let at = nextOpening(text, 0); at >= 0; at = nextOpening(text, Math.max(at + 1, this.#from))) {
      if (at < this.#from) continue
      if (!this.#take(at)) this.#stray(at)
    }
    this.#addText(text.length, 'nothing')
    return this.#marks
  }

  #take(at: number): boolean {
    const kind = this.#text[at + 1]
    const sign = this.#text[at + 2]
    const isDropping = sign === '-'
    const from = at + (sign === '-' || (sign === '+' && kind === '%') ? 3 : 2)
    if (kind === '#') return this.#comment(at, from, isDropping)
    const raw = kind === '%' ? this.#raw(at, isDropping) : false
    if (raw) return true
    if (this.#wasted > MOST_WASTED) return false
    const read = readTokens(this.#text, from, kind === '{' ? '}}' : '%}')
    if (typeof read === 'number') {
      this.#wasted += read
      return false
    }
    this.#addText(at, isDropping ? 'all' : kind === '%' && sign !== '+' ? 'line' : 'nothing')
    this.#marks.push({ mark: kind === '{' ? 'output' : 'tag', at, end: read.end, tokens: read.tokens })
    this.#behind(read.end, read.isDropping, kind === '%')
    return true
  }

  #comment(at: number, from: number, isDropping: boolean): boolean {
    const close = this.#missing.has('#}') ? -1 : this.#text.indexOf('#}', from)
    if (close < 0) {
      this.#missing.add('#}')
      return false
    }
    this.#addText(at, isDropping ? 'all' : 'line')
    const isDroppingBehind = close > from && this.#text[close - 1] === '-'
    this.#marks.push({ mark: 'comment', text: this.#text.slice(from, isDroppingBehind ? close - 1 : close) })
    this.#behind(close + 2, isDroppingBehind, true)
    return true
  }

  /** `{% raw %}`: its content is text. */
  #raw(at: number, isDropping: boolean): boolean {
    const open = /\{%[-+]?\s*(raw|verbatim)\s*([-+]?)%\}/y
    open.lastIndex = at
    const found = open.exec(this.#text)
    if (!found || (found[1] === 'verbatim' && !this.#flavor.hasVerbatim)) return false
    if (this.#missing.has(String(found[1]))) return false
    const close = new RegExp(`\\{%([-+]?)\\s*end${found[1]}\\s*([-+]?)%\\}`, 'g')
    close.lastIndex = open.lastIndex
    const end = close.exec(this.#text)
    if (!end) {
      this.#missing.add(String(found[1]))
      return false
    }
    this.#addText(at, isDropping ? 'all' : 'line')
    this.#behind(open.lastIndex, found[2] === '-', true)
    this.#addText(end.index, end[1] === '-' ? 'all' : 'line')
    this.#behind(close.lastIndex, end[2] === '-', true)
    return true
  }

  #behind(end: number, isDropping: boolean, isBlock: boolean): void {
    this.#from = end
    this.#drop = isDropping ? 'all' : isBlock && this.#flavor.trimBlocks ? 'line' : 'nothing'
  }

  /** Adds the text up to a mark. */
  #addText(to: number, before: 'nothing' | 'all' | 'line'): void {
    let text = this.#text.slice(this.#from, to)
    const isWhole = this.#from === 0
    if (this.#drop === 'all') text = text.trimStart()
    else if (this.#drop === 'line' && text.startsWith('\n')) text = text.slice(1)
    if (before === 'all') text = text.trimEnd()
    else if (before === 'line' && this.#flavor.lstripBlocks) text = withoutIndent(text, isWhole)
    this.#drop = 'nothing'
    this.#from = to
    if (text !== '') this.#marks.push({ mark: 'text', text })
  }
}

/** Without the blanks before a tag that is the first on its line. */
function withoutIndent(text: string, isWhole: boolean): string {
  const line = text.lastIndexOf('\n') + 1
  if ((line === 0 && !isWhole) || text.slice(line).trim() !== '') return text
  return text.slice(0, line)
}

function nextOpening(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    const next = text[at + 1]
    if (next === '{' || next === '%' || next === '#') return at
  }
  return -1
}

/** @returns how many tokens were read when they never close */
function readTokens(
  text: string,
  from: number,
  closing: string,
): { tokens: Token[]; end: number; isDropping: boolean } | number {
  const tokens: Token[] = []
  let open = 0
  for (let at = from; at < text.length && tokens.length < MOST_TOKENS; ) {
    SPACE.lastIndex = at
    if (SPACE.test(text)) at = SPACE.lastIndex
    if (open === 0) {
      if (text.startsWith(closing, at)) return { tokens, end: at + 2, isDropping: false }
      const isSigned = text.startsWith(closing, at + 1)
      if (isSigned && text[at] === '-') return { tokens, end: at + 3, isDropping: true }
      if (isSigned && text[at] === '+' && closing === '%}') return { tokens, end: at + 3, isDropping: false }
    }
    const token = tokenAt(text, at)
    if (!token) return tokens.length
    if (token.kind === 'sign') open += '([{'.includes(token.text) ? 1 : ')]}'.includes(token.text) ? -1 : 0
    tokens.push(token)
    at += token.text.length
  }
  return tokens.length
}

function tokenAt(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) return { kind, text: found[0], at }
  }
  return undefined
}

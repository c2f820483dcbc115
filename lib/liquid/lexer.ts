/*
 * The one lexer of the language: the parser, the colours of the editor and its completion read templates with it.
 * It never fails: what means nothing is punctuation, and what is not closed says so.
 */

export type TokenKind =
  /** A name, a literal such as `nil`, or an operator in letters. */
  | 'word'
  | 'number'
  /** With its quotes; the closing one is missing where the text ends first. */
  | 'string'
  /** `..` */
  | 'range'
  /** `==`, `<` and the like. */
  | 'operator'
  /** Any other character, by itself. */
  | 'punctuation'

/** Offsets in the whole text, in UTF-16 units, the end exclusive. Blanks are in no token. */
export interface Token {
  kind: TokenKind
  start: number
  end: number
}

const WORD = 1
const BLANK = 2
const DIGIT = 4
/** What the first 128 characters are. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/\d/.test(character)) return WORD | DIGIT
  return /[\w?-]/.test(character) ? WORD : /[\t-\r ]/.test(character) ? BLANK : 0
})
/** Other characters are parts of words, but for these. */
const WIDE_BLANK = /[\u00A0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/
const WIDE_QUOTES = /[\u201C\u201D]/

function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 128) return CLASSES[code] as number
  const character = text.charAt(at)
  return WIDE_BLANK.test(character) ? BLANK : WIDE_QUOTES.test(character) ? 0 : WORD
}

/** The tokens of a part of a text: of what is inside a tag or output, or of the beginning of that. */
export function tokensOf(text: string, start: number, end: number): Token[] {
  const tokens: Token[] = []
  // Behind a dot or a bar stands a name, be it one of digits.
  let isNamed = false
  for (let at = start; at < end; ) {
    const type = classAt(text, at)
    if (type === BLANK) {
      at++
      continue
    }
    const token = tokenAt(text, at, end, type, isNamed)
    tokens.push(token)
    at = token.end
    isNamed = token.kind === 'punctuation' && (text[token.start] === '.' || text[token.start] === '|')
  }
  return tokens
}

function tokenAt(text: string, start: number, limit: number, type: number, isNamed: boolean): Token {
  if (!isNamed) {
    const end = numberEnd(text, start, limit)
    if (end > start) return { kind: 'number', start, end }
  }
  if (type & WORD) return { kind: 'word', start, end: wordEnd(text, start, limit) }
  const character = text.charAt(start)
  if (character === '"' || character === "'") {
    return { kind: 'string', start, end: stringEnd(text, start, limit) }
  }
  const next = start + 1 < limit ? text.charAt(start + 1) : ''
  if (character === '.' && next === '.') return { kind: 'range', start, end: start + 2 }
  if (next === '=' && '=!<>'.includes(character)) return { kind: 'operator', start, end: start + 2 }
  const kind = character === '<' || character === '>' ? 'operator' : 'punctuation'
  return { kind, start, end: start + 1 }
}

/** Where the word at an offset ends; at the offset itself where there is none. */
export function wordEnd(text: string, start: number, limit: number): number {
  let at = start
  while (at < limit && classAt(text, at) & WORD) at++
  return at
}

/** Where the number at an offset ends; at the offset itself where there is none, such as in `3rd` or `1.2.3`. */
function numberEnd(text: string, start: number, limit: number): number {
  const sign = text[start]
  const first = sign === '-' || sign === '+' ? start + 1 : start
  let at = digitsEnd(text, first, limit)
  if (at === first) return start
  if (isDot(text, at, limit)) {
    at = digitsEnd(text, at + 1, limit)
    if (isDot(text, at, limit)) return start
  }
  return at < limit && classAt(text, at) & WORD ? start : at
}

function digitsEnd(text: string, start: number, limit: number): number {
  let at = start
  while (at < limit && classAt(text, at) & DIGIT) at++
  return at
}

/** A dot by itself, not one of a range. */
function isDot(text: string, at: number, limit: number): boolean {
  return at < limit && text[at] === '.' && !(at + 1 < limit && text[at + 1] === '.')
}

function stringEnd(text: string, start: number, limit: number): number {
  const quote = text[start]
  for (let at = start + 1; at < limit; at++) {
    if (text[at] === quote) return at + 1
    if (text[at] === '\\') at++
  }
  return limit
}

/** Whether a string has its closing quote. */
export function isClosed(text: string, { start, end }: Token): boolean {
  return end - start >= 2 && text[end - 1] === text[start]
}

const ESCAPE = /\\(?:u([\da-fA-F]{0,4})|([0-7]{1,3})|([^]?))/g
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The text that a string stands for. */
export function stringContent(text: string, { start, end }: Token): string {
  const content = text.slice(start + 1, end - 1)
  if (!content.includes('\\')) return content
  return content.replace(ESCAPE, (_, hex?: string, octal?: string, other = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex || '0', 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return ESCAPED[other] ?? (other === '' ? text.charAt(end - 1) : other)
  })
}

/** One `{{ … }}` or `{% … %}`. */
export interface Mark {
  kind: 'output' | 'tag'
  start: number
  /** Behind the closing braces; -1 where there are none. */
  end: number
  /** What is between the braces and dashes. */
  from: number
  to: number
}

/** Finds the tags and outputs of one text, in time linear in its length. */
export class Marks {
  readonly #text: string
  readonly #isForgiving: boolean
  /** A quote that no other closes: what follows is not looked through again. */
  #isQuoteOpen = false
  readonly #missing = new Set<string>()

  /**
   * @param isForgiving as an editor needs it: marks that are not closed are left out, and where a quote is still open,
   *   the next braces close the output
   */
  constructor(text: string, isForgiving = false) {
    this.#text = text
    this.#isForgiving = isForgiving
  }

  /** The first mark that begins at or behind an offset. */
  next(from: number): Mark | undefined {
    const text = this.#text
    for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
      const second = text[at + 1]
      if (second !== '{' && second !== '%') continue
      const kind = second === '{' ? 'output' : 'tag'
      const close = this.#close(kind, at + 2)
      if (close >= 0 || !this.#isForgiving) return markOf(text, kind, at, close)
    }
    return undefined
  }

  #close(kind: Mark['kind'], from: number): number {
    if (kind === 'tag') return this.#find('%}', from)
    const close = this.#isQuoteOpen ? -1 : outputEnd(this.#text, from)
    if (close >= 0 || !this.#isForgiving) return close
    this.#isQuoteOpen = true
    return this.#find('}}', from)
  }

  /** Braces that are not found once are nowhere further on. */
  #find(braces: string, from: number): number {
    if (this.#missing.has(braces)) return -1
    const at = this.#text.indexOf(braces, from)
    if (at < 0) this.#missing.add(braces)
    return at
  }
}

/** @param close offset of the closing braces, or -1 */
export function markOf(text: string, kind: Mark['kind'], start: number, close: number): Mark {
  const from = start + (text[start + 2] === '-' ? 3 : 2)
  if (close < 0) return { kind, start, end: -1, from, to: text.length }
  const to = close - 1 >= from && text[close - 1] === '-' ? close - 1 : close
  return { kind, start, end: close + 2, from, to }
}

/**
 * Offset of the braces that close an output, or -1: those within quotes do not close it.
 * @param from behind the opening braces
 */
export function outputEnd(text: string, from: number): number {
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const character = text[at] as string
    if (quote !== '') {
      if (character === '\\') at++
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '}' && text[at + 1] === '}') return at
  }
  return -1
}

/** A span without the white space at both its ends. */
export function trimmed(text: string, from: number, to: number): [number, number] {
  const inside = text.slice(from, to)
  const first = from + inside.length - inside.trimStart().length
  return [first, Math.max(first, from + inside.trimEnd().length)]
}

const TAG_NAME = /\s*(#|\w*)\s*/y

/** The name of a tag, empty where none stands, and where what follows it begins. */
export function tagName(text: string, from: number): { name: string; rest: number } {
  TAG_NAME.lastIndex = from
  const name = TAG_NAME.exec(text)?.[1] ?? ''
  return { name, rest: TAG_NAME.lastIndex }
}

/** What ends a tag whose content is not read as a template. */
const VERBATIM_ENDS: Readonly<Record<string, RegExp>> = {
  raw: /\{%-?\s*endraw\s*-?%\}/g,
  comment: /\{%-?\s*endcomment\s*-?%\}/g,
}

export function isVerbatim(name: string): boolean {
  return Object.hasOwn(VERBATIM_ENDS, name)
}

/** The tag that ends `raw` or `comment`; undefined where there is none. */
export function verbatimEnd(text: string, name: string, from: number): [number, number] | undefined {
  const pattern = VERBATIM_ENDS[name] as RegExp
  pattern.lastIndex = from
  const match = pattern.exec(text)
  return match ? [match.index, match.index + match[0].length] : undefined
}

import { MOST_LEVELS } from '../../reading.ts'
import type { Argument, Call, Path } from './syntax.ts'

type TokenKind = 'id' | 'string' | 'number' | 'word' | 'sign' | 'as'
interface Token {
  kind: TokenKind
  text: string
  at: number
  /** White space stands before it. */
  isApart: boolean
}

const SPACE = /\s+/y
const CLOSE = /(~)?\}\}/y
const CLOSE_TRIPLE = /\}(~)?\}\}/y
/** Kinds of tokens; the longer ones first. */
const TOKENS: readonly [TokenKind, RegExp][] = [
  ['string', /"(?:\\"|[^"]){0,9999}"|'(?:\\'|[^']){0,9999}'/y],
  ['number', /-?\d+(?:\.\d+)?(?=[~}\s)])/y],
  ['as', /as\s+\|/y],
  ['id', /[^\s!"#%-,./;->@[-^`{-~]+(?=[=~}\s/.)|])|\[(?:\\\]|[^\]]){0,200}\]/y],
  ['sign', /\.\.|[().@=|/]/y],
]
/** What one pair of braces may hold; a longer one is text. */
const MOST_TOKENS = 2_000

/** Reads what stands in braces up to the closing ones; undefined where that is no expression. */
export function readInside(
  text: string,
  from: number,
  isTriple: boolean,
): { reader: ArgumentReader; end: number; isStripped: boolean } | undefined {
  const close = isTriple ? CLOSE_TRIPLE : CLOSE
  const tokens: Token[] = []
  let isApart = false
  for (let at = from; tokens.length < MOST_TOKENS; ) {
    SPACE.lastIndex = at
    if (SPACE.test(text)) {
      at = SPACE.lastIndex
      isApart = true
    }
    close.lastIndex = at
    const end = close.exec(text)
    if (end) {
      return { reader: new ArgumentReader(tokens, at), end: close.lastIndex, isStripped: end[1] === '~' }
    }
    const token = tokenAt(text, at, isApart)
    if (!token) return undefined
    tokens.push(token)
    at += token.text.length
    isApart = false
  }
  return undefined
}

function tokenAt(text: string, at: number, isApart: boolean): Token | undefined {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) return { kind, text: found[0], at, isApart }
  }
  return undefined
}

/** Reads the arguments within one pair of braces. Whatever is wrong makes `undefined` of the whole. */
export class ArgumentReader {
  readonly #tokens: readonly Token[]
  readonly #end: number
  #next = 0
  #levels = 0

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens
    this.#end = end
  }

  /** `name arg key=value as |a b|`, and nothing behind it. */
  statement(): { call: Call; names: string[] } | undefined {
    this.#next = 0
    const call = this.#call()
    if (!call) return undefined
    const names = this.#names()
    return names && this.#next === this.#tokens.length ? { call, names } : undefined
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#next]
  }

  #accepts(sign: string): boolean {
    if (this.#token?.kind !== 'sign' || this.#token.text !== sign) return false
    this.#next++
    return true
  }

  #call(): Call | undefined {
    const at = this.#token?.at ?? this.#end
    const callee = this.#argument()
    if (!callee) return undefined
    const call: Call = { type: 'call', callee, args: [], hash: [], at }
    while (this.#token && this.#token.kind !== 'as' && this.#token.text !== ')') {
      const key = this.#token
      if (key.kind === 'id' && this.#tokens[this.#next + 1]?.text === '=') {
        this.#next += 2
        const value = this.#argument()
        if (!value) return undefined
        call.hash.push([bare(key.text), value])
        continue
      }
      const value = call.hash.length === 0 ? this.#argument() : undefined
      if (!value) return undefined
      call.args.push(value)
    }
    return call
  }

  #names(): string[] | undefined {
    if (this.#token?.kind !== 'as') return []
    this.#next++
    const names: string[] = []
    for (let token = this.#token; token?.kind === 'id'; token = this.#token) {
      names.push(token.text)
      this.#next++
    }
    return this.#accepts('|') ? names : undefined
  }

  #argument(): Argument | undefined {
    const token = this.#token
    if (!token) return undefined
    if (this.#accepts('(')) return this.#nested()
    if (token.kind === 'string' || token.kind === 'number') {
      this.#next++
      const quote = token.text.charAt(0)
      const value =
        token.kind === 'number' ? Number(token.text) : token.text.slice(1, -1).replaceAll(`\\${quote}`, quote)
      return { type: 'literal', value, at: token.at }
    }
    if (token.kind === 'id' && LITERALS.has(token.text) && !this.#isPathAhead()) {
      this.#next++
      return { type: 'literal', value: LITERALS.get(token.text) ?? null, at: token.at }
    }
    return this.#path()
  }

  #isPathAhead(): boolean {
    const next = this.#tokens[this.#next + 1]
    return next !== undefined && !next.isApart && (next.text === '.' || next.text === '/')
  }

  #nested(): Argument | undefined {
    if (++this.#levels > MOST_LEVELS) return undefined
    const call = this.#call()
    this.#levels--
    return call && this.#accepts(')') ? call : undefined
  }

  #path(): Path | undefined {
    const at = this.#token?.at ?? this.#end
    const isData = this.#accepts('@')
    const path: Path = { type: 'path', up: 0, isData, isThis: false, parts: [], at }
    for (let isFirst = true; ; isFirst = false) {
      const token = this.#token
      if (!token || (!isFirst && token.isApart)) return undefined
      this.#next++
      if (token.text === '..') path.up++
      else if (token.text === '.' || token.text === 'this') path.isThis = true
      else if (token.kind === 'id' || (token.kind === 'number' && !isFirst)) path.parts.push(bare(token.text))
      else return undefined
      const next = this.#token
      if (!next || next.isApart || (next.text !== '.' && next.text !== '/')) return path
      // `./` and `../` alone end with a dot or slash that names nothing further.
      this.#next++
    }
  }
}

const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', null],
])

/** A name without the brackets around it. */
function bare(text: string): string {
  return text.startsWith('[') ? text.slice(1, -1).replace(/\\([\\\]])/g, '$1') : text
}
